import type { SignalName } from "../../core/signals.ts";
import { LIMIT_ALPHA } from "../plan.ts";
import { gridVector } from "../stats/grid.ts";
import { createArmTracker, stageCalls, stageInterval, stageMeans, stageShare } from "./arm-tracker.ts";
import { createBreachProcess, createPassProcess } from "./evidence-process.ts";
import { meanOf, readOnset } from "./onset-totals.ts";
import type { SegmentDetector } from "./segment-detector.ts";
import { sliceShareIncrements } from "./slice-share.ts";
import { createZeroPass } from "./zero-pass.ts";

const MIN_EVENTS = 3;

/** A rate that may be at most `rho` times the baseline's, by the share of events that are the canary's. */
export const createRatioDetector = ({
  signal,
  rho,
}: {
  readonly signal: SignalName;
  readonly rho: number;
}): SegmentDetector => {
  const tracker = createArmTracker(signal);
  const [breach, pass] = [createBreachProcess(signal), createPassProcess(signal)];
  const zero = createZeroPass(signal, "rate", ["up"]);
  return {
    step: (view, clock) => {
      const pair = view.pair(signal);
      const slice = tracker.take(pair, clock);
      zero.step(pair, clock);
      breach.step(slice === null ? gridVector() : sliceShareIncrements(slice, rho, 1), clock, slice?.pair ?? null);
      pass.step(slice === null ? gridVector() : sliceShareIncrements(slice, rho, -1), clock);
      tracker.settle(slice);
    },
    reading: () => {
      const { canary, baseline } = tracker.stage;
      const means = stageMeans(tracker);
      return {
        method: "event-share",
        logE: breach.logE(),
        logEPass: zero.logE("up") ?? pass.logE(),
        n: stageCalls(tracker),
        events: { canary: canary.sum, baseline: baseline.sum },
        value: means,
        interval: () => stageInterval(tracker, LIMIT_ALPHA),
        limit: means.baseline === null ? null : rho * means.baseline,
        onset: () =>
          readOnset(breach.onset(), {
            valueOfArm: meanOf,
            limitFrom: (rate) => (rate === null ? null : rho * rate),
            countsEvents: true,
          }),
        share: stageShare(tracker),
        designEffect: tracker.designEffect(),
        enough: canary.sum >= MIN_EVENTS,
        warmingUp: false,
        baselineIll: false,
      };
    },
  };
};
