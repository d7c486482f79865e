import { countText } from "../core/count-text.ts";
import type { Coverage } from "../detectors/pairs/pair-report.ts";

/** What became of served calls, most first: `1,310: 1,291 paired, 14 failed`; null where there was none. */
export const coverageText = (coverage: Coverage): string | null => {
  const counts = Object.entries(coverage).toSorted(([, a], [, b]) => b - a);
  const all = counts.reduce((sum, [, calls]) => sum + calls, 0);
  return all === 0
    ? null
    : `${countText(all)}: ${counts.map(([outcome, calls]) => `${countText(calls)} ${outcome}`).join(", ")}`;
};
