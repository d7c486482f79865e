import { percent } from "../../core/percent.ts";
import { utcClock } from "../../core/utc-text.ts";
import { createBaselineWatch } from "../rules/baseline-watch.ts";
import { callsIn } from "./arms.ts";
import type { TrustPart } from "./trust-part.ts";

/** The baseline, followed by its calls. */
export interface LostBaseline extends TrustPart {
  /** True while the stage has none by plan. */
  readonly hasNone: () => boolean;
}

/**
 * The baseline's calls have stopped although the stage has some for it: whoever is compared with it is compared with the
 * past. A stage of 100% has none by plan, and is no doubt.
 */
export const createLostBaseline = (): LostBaseline => {
  const watch = createBaselineWatch();
  let [isMissing, doubt]: [boolean, string | null] = [false, null];
  let last: number | null = null;
  return {
    step: (tick, isNewStage) => {
      const calls = { canary: { n: callsIn(tick, "canary") }, baseline: { n: callsIn(tick, "baseline") } };
      isMissing = watch.step(calls, { from: tick.from, isNewStage, configuredShare: tick.share });
      if (calls.baseline.n > 0) last = tick.to;
      const since = last === null ? "no baseline call has come in" : `no baseline call since ${utcClock(last)}`;
      doubt =
        isMissing && tick.share < 1
          ? `${since}, beside ${watch.unaccompanied()} canary calls at a configured canary share of ${percent(tick.share)}`
          : null;
    },
    hasNone: () => isMissing && doubt === null,
    doubt: () => doubt,
  };
};
