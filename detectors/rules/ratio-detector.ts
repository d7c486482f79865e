import type { SignalName } from "../../core/signals.ts";
import { LIMIT_ALPHA } from "../plan.ts";
import { gridVector } from "../stats/grid.ts";
import { createArmTracker, stageCalls, stageInterval, stageMeans, stageShare } from "./arm-tracker.ts";
import { createBreachProcess, createPassProcess } from "./evidence-process.ts";
import type { SegmentDetector } from "./segment-detector.ts";
import { sliceShareIncrements } from "./slice-share.ts";

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
  return {
    step: (view, clock) => {
      const slice = tracker.take(view.pair(signal), clock);
      breach.step(slice === null ? gridVector() : sliceShareIncrements(slice, rho, 1), clock);
      pass.step(slice === null ? gridVector() : sliceShareIncrements(slice, rho, -1), clock);
      tracker.settle(slice);
    },
    reading: () => {
      const { canary, baseline } = tracker.stage;
      const means = stageMeans(tracker);
      return {
        method: "event-share",
        logE: breach.logE(),
        logEPass: pass.logE(),
        n: stageCalls(tracker),
        events: { canary: canary.sum, baseline: baseline.sum },
        value: means,
        interval: () => stageInterval(tracker, LIMIT_ALPHA),
        limit: means.baseline === null ? null : rho * means.baseline,
        share: stageShare(tracker),
        designEffect: tracker.designEffect(),
        enough: canary.sum >= MIN_EVENTS,
        warmingUp: false,
        baselineIll: false,
      };
    },
  };
};
