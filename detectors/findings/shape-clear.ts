import type { Arm } from "../../core/cohort.ts";
import { type CatalogueSignal, OUTPUT_SHAPE_SIGNALS, SIGNALS } from "../../core/signals.ts";
import { createArmTracker, stageCalls } from "../rules/arm-tracker.ts";
import { createMeanDetector } from "../rules/mean-detector.ts";
import type { SegmentDetector, TickClock } from "../rules/segment-detector.ts";
import { placeShapeBins, type ShapeBins } from "../rules/shape-bins.ts";
import type { ArmPair, SegmentView } from "../tick-view.ts";

/** A feature is clear when every bin's share is proven to be within this many points of the baseline's. */
const CLEAR_MARGIN = 0.05;

const BIN_SIDES = [
  { harm: "up", ratio: 1, delta: CLEAR_MARGIN },
  { harm: "down", ratio: 1, delta: -CLEAR_MARGIN },
] as const;

/** Whether the output is proven to be like the baseline's. */
export interface ShapeClear {
  readonly step: (view: SegmentView, clock: TickClock) => void;
  readonly reading: () => {
    /** The weakest of the features' passes; 0 while one of them has no bins yet. */
    readonly logEPass: number;
    /** Answers of the feature most is known of. */
    readonly n: Readonly<Record<Arm, number>>;
    /** No feature has bins yet, although there are answers. */
    readonly warmingUp: boolean;
  };
}

interface Feature {
  readonly step: (view: SegmentView, clock: TickClock) => void;
  readonly n: () => Readonly<Record<Arm, number>>;
  readonly placed: () => boolean;
  readonly logEPass: () => number;
}

/** View of one bin as a rate: its calls are the events. */
const binView = (pair: ArmPair, counts: Readonly<Record<Arm, number>>): SegmentView => ({
  pair: () => ({
    canary: { n: pair.canary.n, sum: counts.canary, bins: {} },
    baseline: { n: pair.baseline.n, sum: counts.baseline, bins: {} },
  }),
});

const createFeature = (signal: CatalogueSignal): Feature => {
  const tracker = createArmTracker(signal);
  const detectors: SegmentDetector[] = [];
  let bins: ShapeBins | null = null;
  return {
    step: (view, clock) => {
      const pair = view.pair(signal);
      bins ??= placeShapeBins(SIGNALS[signal].kind, tracker.baseline);
      if (bins !== null) {
        const [inCanary, inBaseline] = [bins(pair.canary), bins(pair.baseline)];
        inCanary.forEach((canary, j) => {
          detectors[j] ??= createMeanDetector({ signal, kind: "rate", sides: BIN_SIDES, onlyPass: true });
          detectors[j].step(binView(pair, { canary, baseline: inBaseline[j] ?? 0 }), clock);
        });
      }
      tracker.settle(tracker.take(pair, clock));
    },
    n: () => stageCalls(tracker),
    placed: () => bins !== null,
    logEPass: () => Math.min(...detectors.map((detector) => detector.reading().logEPass)),
  };
};

/**
 * Looks for proof that the leading features of every family are distributed like the baseline's: every bin's share
 * within five points, each by the reversed test of section 4. One after the other must pass, so nothing is corrected.
 */
export const createShapeClear = (): ShapeClear => {
  const features = OUTPUT_SHAPE_SIGNALS.map(createFeature);
  return {
    step: (view, clock) => {
      for (const feature of features) feature.step(view, clock);
    },
    reading: () => {
      const seen = features.filter((feature) => feature.n().canary > 0 || feature.n().baseline > 0);
      const isPlaced = seen.length > 0 && seen.every((feature) => feature.placed());
      const most = seen.map((feature) => feature.n()).sort((a, b) => b.canary - a.canary)[0];
      return {
        logEPass: isPlaced ? Math.min(...seen.map((feature) => feature.logEPass())) : 0,
        n: most ?? { canary: 0, baseline: 0 },
        warmingUp: seen.length > 0 && !seen.some((feature) => feature.placed()),
      };
    },
  };
};
