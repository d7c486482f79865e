import type { Arm } from "../../core/cohort.ts";
import { percent } from "../../core/percent.ts";
import { eventShareLimit } from "../stats/event-share.ts";
import { propLogE } from "../stats/one-sample.ts";
import { ARMS, callsIn, OTHER_ARM } from "./arms.ts";
import type { TrustPart } from "./trust-part.ts";

/** Lost calls of a stage, and their share of all, from which on they are held against a clear. */
const MIN_LOST = 20;
const MAX_LOST_SHARE = 0.02;

/** Where every evaluation of the flag leads to about one call, an arm with this much less of them is missing some. */
const MISSING = 0.2;
/** Calls per evaluation of the fuller arm that count as about one. */
const ABOUT_ONE = [0.8, 1.25] as const;
const THRESHOLD = Math.log(1000);
/** Evaluations of before a ramp are still being told about, and calls of before still end. */
const GRACE_MS = 600_000;

type Counts = Readonly<Record<Arm, number>>;

const add = (a: Counts, b: Counts): Counts => ({ canary: a.canary + b.canary, baseline: a.baseline + b.baseline });

/** What says that `arm` has fewer calls per evaluation than the other, by more than there is room for. */
const missingCalls = (arm: Arm, calls: Counts, evaluations: Counts): string | null => {
  const other = OTHER_ARM[arm];
  const rate = (of: Arm): number => calls[of] / evaluations[of];
  if (evaluations.canary === 0 || evaluations.baseline === 0) return null;
  if (rate(other) < ABOUT_ONE[0] || rate(other) > ABOUT_ONE[1] || rate(arm) >= rate(other)) return null;
  const share = evaluations[arm] / (evaluations[arm] + evaluations[other]);
  const limit = eventShareLimit(share, 1 - MISSING);
  if (propLogE(calls[arm], calls[arm] + calls[other], limit, -1) < THRESHOLD) return null;
  return `the flag served ${arm} ${evaluations[arm]} times and ${calls[arm]} ${arm} calls came in, ${other} ${evaluations[other]} times and ${calls[other]}`;
};

/**
 * Calls were made whose spans never arrived: reported as dropped by the processes that made them, gaps in their
 * numbering, or flag evaluations of one arm without calls. Counted over the stage. Calls per evaluation are compared
 * only where there is about one: where an evaluation leads to many calls, the arms may differ for good reasons.
 */
export const createIncompleteSpans = (): TrustPart => {
  let [lost, arrived, since] = [0, 0, 0];
  let calls: Counts = { canary: 0, baseline: 0 };
  let evaluations: Counts = { canary: 0, baseline: 0 };
  let isRolledBack = false;

  const losses = (): string | null => {
    const share = lost / (lost + arrived);
    if (lost < MIN_LOST || share < MAX_LOST_SHARE) return null;
    return `${Math.round(lost)} calls of this stage (${percent(share)}) were lost between the apps and the agent`;
  };

  return {
    step: (tick, isNewStage) => {
      if (isNewStage) {
        [lost, arrived, since] = [0, 0, tick.from];
        calls = { canary: 0, baseline: 0 };
        evaluations = calls;
      }
      for (const each of tick.intake?.losses ?? []) {
        // What comes in late after all is taken back, but never below what is known to be there.
        lost = Math.max(0, lost + each.lost);
        arrived += each.calls;
      }
      isRolledBack = tick.share <= 0;
      if (tick.from < since + GRACE_MS || isRolledBack) return;
      calls = add(calls, { canary: callsIn(tick, "canary"), baseline: callsIn(tick, "baseline") });
      evaluations = add(evaluations, tick.intake?.evaluations ?? { canary: 0, baseline: 0 });
    },
    doubt: () => {
      // After a rollback arms are not compared any more: one of them is to be silent.
      const missing = isRolledBack ? [] : ARMS.map((arm) => missingCalls(arm, calls, evaluations));
      const found = [losses(), ...missing];
      return found.filter((text) => text !== null).join("; ") || null;
    },
  };
};
