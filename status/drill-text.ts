import type { DrillView } from "./drill-view.ts";
import { formatAge } from "./format-age.ts";

/** The newest drill in one line, at `now` (epoch ms): `rollback drilled 3 d ago: 12.4 s from decision to proof`. */
export const drillLine = (drill: DrillView | null | undefined, now: number): string => {
  if (drill === undefined) return "";
  if (drill === null) return "rollback never drilled: leeway drill shows that it works";
  const { outcome, outcomeText, why, startedAt, endedAt, isOver, by, reason } = drill;
  if (outcome === null) return `DRILL under way for ${formatAge(startedAt, now)}, by ${by}: ${reason}`;
  const detail = [outcomeText, why].filter((text) => text !== "").join(": ");
  const left = isOver ? "" : "; the share is NOT restored yet";
  return `rollback drilled ${formatAge(endedAt, now)} ago: ${detail}${left}`;
};
