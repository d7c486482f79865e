import { countText } from "../../core/count-text.ts";
import { unreachable } from "../../core/exhaustive.ts";
import { percent } from "../../core/percent.ts";
import { printableLine } from "../../core/printable.ts";
import type { SegmentReading } from "./pair-report.ts";

const counted = (n: number, one: string, many: string): string => `${countText(n)} ${n === 1 ? one : many}`;

const ofRegressions = (pairs: number): string => counted(pairs, "pair is a regression", "pairs are regressions");

/** What a breach is about, mostly: the changes of the largest cluster of regressions. */
const worstOf = ({ clusters }: Pick<SegmentReading, "clusters">): string => {
  const worst = clusters.find((each) => each.class === "regression");
  return worst === undefined ? "" : `, most of them ${printableLine(worst.codes.slice(0, 3).join(" "))}`;
};

/** Why the gate stays shut for a segment that is no breach. */
const heldBy = ({
  pairs,
  upper,
  limit,
  novel,
  classes,
  open,
  reruns,
}: Omit<SegmentReading, "outcome" | "reason">): string => {
  if (pairs === 0) return "no pair yet";
  if (upper <= limit)
    return `${percent(novel)} of ${counted(pairs, "pair has", "pairs have")} what the baseline never had, and nobody accepted it`;
  const seen = `${counted(classes.regression, "regression", "regressions")} and ${countText(open.pairs)} undecided in ${counted(pairs, "pair", "pairs")}`;
  const own = reruns.classes.regression;
  const ofReruns =
    own === 0 ? "" : `; ${countText(own)} in ${counted(reruns.pairs, "rerun", "reruns")} of the baseline too`;
  return `up to ${percent(upper)} may be regressions, limit ${percent(limit)}: ${seen}${ofReruns}`;
};

/** What an outcome rests on, or takes yet: one line. */
export const reasonOf = (
  outcome: SegmentReading["outcome"],
  reading: Omit<SegmentReading, "outcome" | "reason">,
): string => {
  const { pairs, limit, upper, lower } = reading;
  switch (outcome) {
    case "breach":
      return `at least ${percent(lower)} of ${ofRegressions(pairs)}, limit ${percent(limit)}${worstOf(reading)}`;
    case "clear":
      return `at most ${percent(upper)} of ${ofRegressions(pairs)}, limit ${percent(limit)}`;
    case "undecided":
      return heldBy(reading);
    default:
      return unreachable(outcome);
  }
};

/**
 * What the gate says of a segment. Breach: proven beyond the limit, and beyond what reruns have on top of it. Clear: proven
 * within it, and next to nothing novel that nobody accepted. Undecided otherwise; without pairs, too.
 */
export const outcomeOf = (
  {
    limit,
    pairs,
    novel,
    novelLimit,
    upper,
    lower,
  }: Pick<SegmentReading, "limit" | "pairs" | "novel" | "novelLimit" | "upper" | "lower">,
  rerunRate: number,
): SegmentReading["outcome"] => {
  if (lower > limit + rerunRate) return "breach";
  return pairs > 0 && upper <= limit && novel <= novelLimit ? "clear" : "undecided";
};
