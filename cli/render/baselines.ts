import { countText } from "../../core/count-text.ts";
import { printableLine } from "../../core/printable.ts";
import { utcMinute } from "../../core/utc-text.ts";
import type { BaselineCounts } from "../../status/baseline-view.ts";
import { renderTable } from "./table.ts";

/** How many examples are kept, and so many calls they stand for. */
export const renderBaselines = ({ migration, strata }: BaselineCounts): string => {
  if (strata === null) return "no examples are kept: baselines: {} beside content: in leeway.yaml keeps them\n";
  if (strata.length === 0) {
    return `${printableLine(migration)}: no example is kept yet; an hour is drawn from 12 minutes after its end, of calls whose content is kept\n`;
  }
  const kept = strata.reduce((sum, each) => sum + each.kept, 0);
  const rows = strata.map((each) => [
    ...[printableLine(each.stratum), countText(each.kept), countText(Math.round(each.calls)), utcMinute(each.newest)],
  ]);
  const lines = [
    `${printableLine(migration)}: ${countText(kept)} examples of the baseline`,
    ...renderTable(["kind / segment", "kept", "stand for calls", "newest (UTC)"], rows),
  ];
  return `${lines.join("\n")}\n`;
};
