import { countText } from "../core/count-text.ts";
import { percent } from "../core/percent.ts";
import type { PairReport } from "../detectors/pairs/pair-report.ts";

/** What people who read pairs blind have said, and how often the judge says the same; null where nobody has read any. */
export const labelsText = ({ judge, segments }: Pick<PairReport, "judge" | "segments">): string | null => {
  const [all] = segments;
  const agrees = judge?.agrees ?? null;
  const isRead = all !== undefined && all.read.person > 0;
  if (!isRead && (agrees === null || agrees.n === 0)) return null;
  const open = isRead
    ? `people have read ${countText(all.read.person)} open pairs blind`
    : "people have read pairs blind";
  if (agrees === null || agrees.value === null) return open;
  return `${open}; the judge says the same in ${percent(agrees.value)} of ${countText(agrees.n)} (${percent(agrees.lower)} to ${percent(agrees.upper)})`;
};
