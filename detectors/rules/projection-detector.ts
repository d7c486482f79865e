import { LIMIT_ALPHA } from "../plan.ts";
import { oneArmBettingIncrements } from "../stats/betting.ts";
import { createArmTracker, stageCalls, stageMeans, stageShare } from "./arm-tracker.ts";
import { binsOf } from "./bins.ts";
import { createBreachProcess, createPassProcess } from "./evidence-process.ts";
import { createProjectionGuard, createSameLimitGuard, type GuardSettings, rangeOf } from "./incident-guard.ts";
import type { SegmentDetector } from "./segment-detector.ts";

/**
 * The canary's mean against a number of the migration document: an absolute limit, or one that `projection`, what the
 * candidate was projected to need, is the reference of. Where the baseline is known well enough, a breach also asks
 * that the canary be worse than what moved both arms explains: of that a rollback would not help. Without a baseline the
 * number alone decides: harm does not wait for it.
 */
export const createProjectionDetector = (
  settings: GuardSettings & { readonly projection: number | null },
): SegmentDetector => {
  const { signal, kind, limit, harm, projection } = settings;
  const tracker = createArmTracker(signal, false);
  const [breach, pass] = [createBreachProcess(signal), createPassProcess(signal)];
  const guard =
    projection === null || projection <= 0
      ? createSameLimitGuard(settings)
      : createProjectionGuard({ ...settings, projection });
  const provenOver = -Math.log(LIMIT_ALPHA);
  const range = rangeOf(kind, limit);
  // What was gathered before the guard could say anything stays gathered.
  let credit: number | null = null;
  const guarded = (): number => {
    const excused = guard.logE();
    return excused === null ? Number.POSITIVE_INFINITY : excused + (credit ?? 0);
  };
  return {
    step: (view, clock) => {
      const pair = view.pair(signal);
      const bins = binsOf(kind, pair.canary);
      breach.step(oneArmBettingIncrements(limit, range, harm === "up" ? 1 : -1, bins), clock);
      pass.step(oneArmBettingIncrements(limit, range, harm === "up" ? -1 : 1, bins), clock);
      guard.step(view, clock);
      if (guard.logE() === null) credit = null;
      else credit ??= Math.max(0, breach.logE());
      tracker.settle(tracker.take(pair, clock));
    },
    reading: () => ({
      method: "one-arm-betting",
      logE: Math.min(breach.logE(), guarded()),
      logEPass: pass.logE(),
      n: stageCalls(tracker),
      events: null,
      value: stageMeans(tracker),
      interval: () => null,
      limit,
      share: stageShare(tracker),
      designEffect: tracker.designEffect(),
      enough: true,
      warmingUp: false,
      baselineIll: Math.min(breach.logE(), guard.baselineLogE()) >= provenOver,
    }),
  };
};
