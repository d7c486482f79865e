import { OUTPUT_SHAPE_SIGNALS, SIGNALS, type SignalName } from "../../core/signals.ts";
import { type BinCounts, psi } from "../stats/arm-label.ts";
import { lse } from "../stats/log-space.ts";
import type { ArmPair, SegmentView } from "../tick-view.ts";
import { createArmTracker, stageCalls } from "./arm-tracker.ts";
import { createMeanJudge } from "./mean-judge.ts";
import type { Reading, SegmentJudge, TickClock } from "./segment-judge.ts";
import { placeShapeBins, type ShapeBins } from "./shape-bins.ts";
import { createShapeEvidence } from "./shape-evidence.ts";

/** Population stability index below which a shift is too small to act on. */
export const MIN_PSI = 0.05;
const MIN_CANARY_OUTPUTS = 500;
/** A feature is clear when every bin's share is proven to be within this many points of the baseline's. */
const CLEAR_MARGIN = 0.05;

const BIN_SIDES = [
  { harm: "up", ratio: 1, delta: CLEAR_MARGIN },
  { harm: "down", ratio: 1, delta: -CLEAR_MARGIN },
] as const;

interface Feature {
  readonly signal: SignalName;
  readonly step: (view: SegmentView, clock: TickClock) => void;
  readonly reading: () => Pick<Reading, "logE" | "logEPass" | "n" | "designEffect"> & {
    readonly psi: number;
    readonly placed: boolean;
  };
}

/** The weakest of several passes; no evidence where there is none. */
const lowest = (values: readonly number[]): number => (values.length > 0 ? Math.min(...values) : 0);

/** View of one bin as a rate: its calls are the events. */
const binView = (pair: ArmPair, counts: Readonly<Record<"canary" | "baseline", number>>): SegmentView => ({
  pair: () => ({
    canary: { n: pair.canary.n, sum: counts.canary, bins: {} },
    baseline: { n: pair.baseline.n, sum: counts.baseline, bins: {} },
  }),
});

const createFeature = (signal: SignalName, looksForClear: boolean): Feature => {
  const tracker = createArmTracker(signal);
  const evidence = createShapeEvidence(signal);
  const clearJudges: SegmentJudge[] = [];
  let bins: ShapeBins | null = null;
  const stepClear = (pair: ArmPair, counts: BinCounts, clock: TickClock): void =>
    counts.canary.forEach((canary, j) => {
      clearJudges[j] ??= createMeanJudge({ signal, kind: "rate", sides: BIN_SIDES });
      clearJudges[j].step(binView(pair, { canary, baseline: counts.baseline[j] ?? 0 }), clock);
    });
  return {
    signal,
    step: (view, clock) => {
      const pair = view.pair(signal);
      bins ??= placeShapeBins(SIGNALS[signal].kind, tracker.baseline);
      if (bins !== null) {
        const counts = { canary: bins(pair.canary), baseline: bins(pair.baseline) };
        evidence.step(counts, clock);
        if (looksForClear) stepClear(pair, counts, clock);
      }
      tracker.settle(tracker.take(pair, clock));
    },
    reading: () => ({
      logE: evidence.logE(),
      designEffect: tracker.designEffect(),
      logEPass: lowest(clearJudges.map((bin) => bin.reading().logEPass)),
      n: stageCalls(tracker),
      psi: bins === null || tracker.stage.canary.n === 0 ? 0 : psi(evidence.stage()),
      placed: bins !== null,
    }),
  };
};

/**
 * The distribution of the output features: one arm-label process per feature, averaged, acted on only where the shift
 * is large enough (population stability index) on enough answers. Clear when every feature that has data is proven to
 * have every bin within 5 points of the baseline; looked for only where it can count (`looksForClear`), because it
 * costs more than the rest. The value shown is the index of the strongest feature.
 */
export const createOutputShapeJudge = (looksForClear: boolean): SegmentJudge => {
  const features = OUTPUT_SHAPE_SIGNALS.map((signal) => createFeature(signal, looksForClear));
  return {
    step: (view, clock) => {
      for (const feature of features) feature.step(view, clock);
    },
    reading: () => {
      const readings = features.map((feature) => ({ signal: feature.signal, ...feature.reading() }));
      const seen = readings.filter((reading) => reading.n.canary > 0 || reading.n.baseline > 0);
      const large = seen.filter((reading) => reading.psi >= MIN_PSI && reading.n.canary >= MIN_CANARY_OUTPUTS);
      const judged = large.length > 0 ? large : seen;
      const strongest = [...judged].sort((a, b) => b.logE - a.logE)[0];
      const canShow = strongest?.placed === true && strongest.n.canary >= MIN_CANARY_OUTPUTS;
      return {
        method: `arm-label (${strongest?.signal ?? "no feature"})`,
        logE: lse(judged.map((reading) => reading.logE)) - Math.log(OUTPUT_SHAPE_SIGNALS.length),
        logEPass: seen.every((reading) => reading.placed) ? lowest(seen.map((reading) => reading.logEPass)) : 0,
        n: strongest?.n ?? { canary: 0, baseline: 0 },
        events: null,
        // On a few answers the index is mostly noise, and a number would be read as one.
        value: canShow ? { canary: strongest?.psi ?? null, baseline: 0 } : { canary: null, baseline: null },
        interval: () => null,
        limit: MIN_PSI,
        share: 0,
        designEffect: strongest?.designEffect ?? 1,
        enough: large.length > 0,
        warmingUp: seen.length > 0 && !seen.some((reading) => reading.placed),
        baselineIll: false,
      };
    },
  };
};
