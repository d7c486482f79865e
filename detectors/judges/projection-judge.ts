import type { SignalKind, SignalName } from "../../core/signals.ts";
import { LIMIT_ALPHA } from "../plan.ts";
import { oneArmBettingIncrements } from "../stats/betting.ts";
import type { Sign } from "../stats/one-sample.ts";
import { createArmTracker, stageCalls, stageMeans, stageShare } from "./arm-tracker.ts";
import { binsOf } from "./bins.ts";
import { createBreachProcess, createPassProcess } from "./evidence-process.ts";
import { createMeanJudge } from "./mean-judge.ts";
import type { SegmentJudge } from "./segment-judge.ts";

/** Values beyond this many times the limit count as that many: one absurd call must not decide alone. */
const CLIP_FACTOR = 20;

/**
 * The canary's mean against a number of the migration document. Where the baseline is known well enough to compare
 * with, a breach also asks for a canary that is worse than the baseline: what hits both arms is not the candidate's,
 * and a rollback would not help. Without a baseline the number alone decides: harm does not wait for it.
 */
export const createProjectionJudge = (settings: {
  readonly signal: SignalName;
  readonly kind: SignalKind;
  readonly limit: number;
  readonly harm: "up" | "down";
}): SegmentJudge => {
  const { signal, kind, limit } = settings;
  const tracker = createArmTracker(signal, false);
  const [breach, pass] = [createBreachProcess(signal), createPassProcess(signal)];
  const sign: Sign = settings.harm === "up" ? 1 : -1;
  const worse = createMeanJudge({ signal, kind, sides: [{ harm: settings.harm, ratio: 1, delta: 0 }] });
  const baselineOver = createBreachProcess(signal);
  const comparable = (): boolean => tracker.stage.baseline.n > 0 && !worse.reading().warmingUp;
  const provenOver = -Math.log(LIMIT_ALPHA);
  const range = { low: 0, high: kind === "value" ? CLIP_FACTOR * limit : 1 };
  return {
    step: (view, clock) => {
      const pair = view.pair(signal);
      const bins = binsOf(kind, pair.canary);
      breach.step(oneArmBettingIncrements(limit, range, sign, bins), clock);
      baselineOver.step(oneArmBettingIncrements(limit, range, sign, binsOf(kind, pair.baseline)), clock);
      worse.step(view, clock);
      pass.step(oneArmBettingIncrements(limit, range, sign === 1 ? -1 : 1, bins), clock);
      tracker.settle(tracker.take(pair, clock));
    },
    reading: () => ({
      method: "one-arm-betting",
      logE: comparable() ? Math.min(breach.logE(), worse.reading().logE) : breach.logE(),
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
      baselineIll: Math.min(breach.logE(), baselineOver.logE()) >= provenOver,
    }),
  };
};
