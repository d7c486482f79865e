import type { Arm } from "../core/cohort.ts";
import type { Sample, Tick } from "../core/sample.ts";
import type { SignalName } from "../core/signals.ts";
import type { Histogram } from "./stats/quantile.ts";

/** What one arm showed of one signal in one tick and segment; empty when nothing was seen. */
export interface ArmSample extends Pick<Sample, "n" | "sum" | "bins"> {
  /** The bins by number, worked out once for all rules; absent where a sample was put together by hand. */
  readonly histogram?: () => Histogram;
}

/** Both arms of one signal in one tick and segment. */
export type ArmPair = Readonly<Record<Arm, ArmSample>>;

/** One segment of a tick, by signal. */
export interface SegmentView {
  readonly pair: (signal: SignalName) => ArmPair;
}

const NOTHING: ArmSample = { n: 0, sum: 0, bins: {} };
const NO_CALLS: ArmPair = { canary: NOTHING, baseline: NOTHING };

/** A segment in which nothing happened. */
export const EMPTY_SEGMENT: SegmentView = { pair: () => NO_CALLS };

const armSample = ({ n, sum, bins }: Sample): ArmSample => {
  let parsed: Map<number, number> | null = null;
  const histogram = (): Histogram => {
    if (parsed === null) {
      parsed = new Map();
      for (const bin in bins) parsed.set(Number(bin), bins[bin] ?? 0);
    }
    return parsed;
  };
  return { n, sum, bins, histogram };
};

/** Groups a tick's samples by segment and signal. */
export const viewTick = (tick: Tick): ReadonlyMap<string, SegmentView> => {
  const segments = new Map<string, Map<SignalName, ArmPair>>();
  for (const sample of tick.samples) {
    const signals = segments.get(sample.segment) ?? new Map<SignalName, ArmPair>();
    segments.set(sample.segment, signals);
    signals.set(sample.signal, { ...(signals.get(sample.signal) ?? NO_CALLS), [sample.cohort]: armSample(sample) });
  }
  return new Map(
    [...segments].map(([segment, signals]) => [segment, { pair: (signal) => signals.get(signal) ?? NO_CALLS }]),
  );
};
