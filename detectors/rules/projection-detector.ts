import { LIMIT_ALPHA } from "../plan.ts";
import { oneArmBettingIncrements } from "../stats/betting.ts";
import type { Sign } from "../stats/one-sample.ts";
import { createArmTracker, stageCalls, stageMeans, stageShare } from "./arm-tracker.ts";
import { binsOf } from "./bins.ts";
import { createBreachProcess, createPassProcess } from "./evidence-process.ts";
import {
  breachRange,
  createProjectionGuard,
  createSameLimitGuard,
  type GuardSettings,
  passRange,
} from "./incident-guard.ts";
import { meanOf, readOnset } from "./onset-totals.ts";
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
  const harmful: Sign = harm === "up" ? 1 : -1;
  const harmless: Sign = harm === "up" ? -1 : 1;
  const [beyond, within] = [breachRange(kind, limit, harmful), passRange(kind, limit, harmless)];
  // What was gathered before the guard could say anything stays gathered; what it judges itself, from the very tick on in
  // which it speaks, does not.
  let credit: number | null = null;
  const guarded = (): number => {
    const excused = guard.logE();
    return excused === null ? Number.POSITIVE_INFINITY : excused + (credit ?? 0);
  };
  return {
    step: (view, clock) => {
      const pair = view.pair(signal);
      const bins = binsOf(kind, pair.canary);
      const gathered = credit === null ? Math.max(0, breach.logE()) : 0;
      breach.step(oneArmBettingIncrements(limit, beyond, harmful, bins), clock, pair);
      pass.step(oneArmBettingIncrements(limit, within, harmless, bins), clock);
      guard.step(view, clock);
      if (guard.logE() === null) credit = null;
      else credit ??= gathered;
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
      onset: () => readOnset(breach.onset(), { valueOfArm: meanOf, limitFrom: () => limit, countsEvents: false }),
      share: stageShare(tracker),
      designEffect: tracker.designEffect(),
      enough: true,
      warmingUp: false,
      baselineIll: Math.min(breach.logE(), guard.baselineLogE()) >= provenOver,
    }),
  };
};
