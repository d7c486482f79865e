import type { SignalName } from "../../core/signals.ts";
import type { Evidence, Onset } from "../../core/verdict.ts";
import { LIMIT_ALPHA } from "../plan.ts";
import { gridVector } from "../stats/grid.ts";
import { oneSampleIncrements } from "../stats/one-sample.ts";
import type { ArmSample } from "../tick-view.ts";
import { type ArmCount, createArmTracker, stageCalls, stageInterval, stageMeans, stageShare } from "./arm-tracker.ts";
import { createBreachProcess, createPassProcess } from "./evidence-process.ts";
import { meanOf, readOnset } from "./onset-totals.ts";
import type { Reading, SegmentDetector } from "./segment-detector.ts";
import { sliceShareIncrements } from "./slice-share.ts";

const MIN_EVENTS = 3;

/** What an absolute limit is about: how a sample becomes calls and bad events, and how often events may happen. */
export interface AbsoluteSettings {
  readonly signal: SignalName;
  /** Bad events of a sample, of its n calls. */
  readonly events: (sample: ArmSample) => number;
  /** Highest share of bad events that respects the rule, 0-1. */
  readonly limit: number;
  /** Turns a share of bad events into the number people read; identity for error-like rates. */
  readonly toValue: (share: number) => number;
  readonly method: string;
}

const mapInterval = (interval: Evidence["interval"], toValue: (share: number) => number): Evidence["interval"] => {
  if (interval === null) return null;
  const [a, b] = [toValue(interval.lower), toValue(interval.upper)];
  return { lower: Math.min(a, b), upper: Math.max(a, b) };
};

/**
 * A share of bad events against an absolute limit, and against the concurrent baseline: the smaller of the one-sample
 * and the event-share e-value, so that an incident that hits both arms is not the candidate's. A baseline that is
 * itself beyond the limit is reported. Where there is no baseline any more, the limit is what it says: calls of that
 * time are evidence of both kinds when they break it.
 */
export const createAbsoluteDetector = (settings: AbsoluteSettings): SegmentDetector => {
  const { signal, limit, toValue } = settings;
  const tracker = createArmTracker(signal);
  const [overLimit, overBaseline] = [createBreachProcess(signal), createBreachProcess(signal)];
  // It, too, keeps starting anew: an incident of both arms may come after days of health.
  const baselineOver = createBreachProcess(signal);
  const pass = createPassProcess(signal);
  const count = (sample: ArmSample): ArmSample => ({ n: sample.n, sum: settings.events(sample), bins: {} });
  const shown = (share: number | null): number | null => (share === null ? null : toValue(share));
  /** The events that make the share people read: of "at least 95% completed" those that were. */
  const shownEvents = ({ n, sum }: Readonly<ArmCount>): number => (n > 0 ? Math.round(n * toValue(sum / n)) : 0);
  const onset = (): Onset | null => {
    const found = overLimit.onset();
    const read = readOnset(found, {
      valueOfArm: (totals) => shown(meanOf(totals)),
      limitFrom: () => toValue(limit),
      countsEvents: true,
    });
    if (read === null || found === null) return null;
    const { canary, baseline } = found.totals;
    return { ...read, events: { canary: shownEvents(canary), baseline: shownEvents(baseline) } };
  };
  return {
    step: (view, clock) => {
      const raw = view.pair(signal);
      const pair = { canary: count(raw.canary), baseline: count(raw.baseline) };
      const { sum, n } = pair.canary;
      const againstLimit = oneSampleIncrements(sum, n, limit, 1);
      overLimit.step(againstLimit, clock, pair);
      pass.step(oneSampleIncrements(sum, n, limit, -1), clock);
      baselineOver.step(oneSampleIncrements(pair.baseline.sum, pair.baseline.n, limit, 1), clock);
      const { isAlone = false } = clock;
      const slice = tracker.take(pair, clock);
      const compared = slice === null ? gridVector() : sliceShareIncrements(slice, 1, 1);
      overBaseline.step(isAlone ? againstLimit : compared, clock);
      tracker.settle(slice);
    },
    reading: (): Reading => {
      const { canary, baseline } = tracker.stage;
      const means = stageMeans(tracker);
      return {
        method: settings.method,
        logE: Math.min(overLimit.logE(), overBaseline.logE()),
        logEPass: pass.logE(),
        n: stageCalls(tracker),
        events: { canary: shownEvents(canary), baseline: shownEvents(baseline) },
        value: { canary: shown(means.canary), baseline: shown(means.baseline) },
        interval: () => mapInterval(stageInterval(tracker, LIMIT_ALPHA), toValue),
        limit: toValue(limit),
        onset,
        share: stageShare(tracker),
        designEffect: tracker.designEffect(),
        enough: canary.sum >= MIN_EVENTS,
        warmingUp: false,
        baselineIll: Math.min(overLimit.logE(), baselineOver.logE()) >= -Math.log(LIMIT_ALPHA),
      };
    },
  };
};
