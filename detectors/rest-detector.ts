import type { Rule } from "../core/migration.ts";
import type { HeavySample, Tick } from "../core/sample.ts";
import type { SignalName } from "../core/signals.ts";
import type { HeavyCluster } from "../core/verdict.ts";
import { createHeaviest } from "./heaviest.ts";
import { type ArmTotals, addTo, emptyTotals } from "./rules/arm-tracker.ts";
import type { Reading, SegmentDetector, TickClock } from "./rules/segment-detector.ts";
import { lae } from "./stats/log-space.ts";
import { createStarts, type Starts } from "./stats/multi-start.ts";
import type { ArmPair, ArmSample, SegmentView } from "./tick-view.ts";

/** What a segment's calls say without the heaviest user or conversation of each arm. */
export interface RestReading extends Pick<Reading, "logE" | "n" | "value" | "limit"> {
  readonly removed: readonly HeavyCluster[];
}

/**
 * Part of a segment's wealth that rides on the calls without the heaviest: a heavy user of the baseline's may hide harm
 * that everybody else meets.
 */
const REST_WEALTH = 0.1;

/** A segment's reading, its evidence that of all calls and of those without the heaviest together. */
export const withRest = (
  reading: Reading,
  rest: RestReading | null,
): Reading & { readonly rest: RestReading | null } => ({
  ...reading,
  rest,
  logE: rest === null ? reading.logE : lae(reading.logE + Math.log1p(-REST_WEALTH), rest.logE + Math.log(REST_WEALTH)),
});

/** Judges a segment once more without those who are heavy in it; costs next to nothing while nobody is. */
export interface RestDetector {
  /** Takes in the baseline's calls from before the first step. */
  readonly learn: (pair: ArmPair) => void;
  /** Takes in a tick; `clock` is that of the segment's judge. */
  readonly step: (pair: ArmPair, tick: Pick<Tick, "from" | "heavy">, clock: TickClock, changed: boolean) => void;
  /** Null while nobody was heavy. */
  readonly reading: () => RestReading | null;
}

/** Baseline calls that are kept to begin with: at twice as many all are halved. */
const KEPT_CALLS = 4000;
const NOTHING: ArmSample = { n: 0, sum: 0, bins: {} };

const asSample = ({ n, sum, bins }: ArmTotals): ArmSample => ({ n, sum, bins: Object.fromEntries(bins) });

const halve = (totals: ArmTotals): void => {
  totals.n /= 2;
  totals.sum /= 2;
  for (const [bin, count] of totals.bins) totals.bins.set(bin, count / 2);
};

/** The rule's own signal of a segment that has one sample. */
const viewOf = (pair: ArmPair): SegmentView => ({ pair: () => pair });

/**
 * A judge that begins when somebody becomes heavy, with the baseline that was known by then: evidence from before is that
 * of all. `effectOf`: the design effect without the heaviest.
 */
export const createRestDetector = (
  rule: Rule,
  signal: SignalName,
  {
    segment,
    create,
    effectOf,
  }: {
    readonly segment: string;
    readonly create: () => SegmentDetector;
    readonly effectOf: TickClock["designEffectOf"];
  },
): RestDetector => {
  const heaviest = createHeaviest(rule);
  let removed: readonly HeavyCluster[] = [];
  const past = emptyTotals();
  let judge: { readonly detector: SegmentDetector; readonly starts: Starts } | null = null;

  const begin = (clock: TickClock): { readonly detector: SegmentDetector; readonly starts: Starts } => {
    const detector = create();
    const quiet = { ...{ logWeight: Number.NEGATIVE_INFINITY, isNewStage: false }, designEffectOf: () => 1 };
    detector.step(viewOf({ canary: NOTHING, baseline: asSample(past) }), {
      ...quiet,
      from: clock.from,
      hour: clock.hour,
    });
    return { detector, starts: createStarts(clock.from) };
  };
  const ownOf = (heavy: readonly HeavySample[] | undefined): readonly HeavySample[] =>
    heavy?.filter((each) => each.segment === segment && each.signal === signal) ?? [];

  const keep = (pair: ArmPair): void => {
    addTo(past, pair.baseline);
    if (past.n > 2 * KEPT_CALLS) halve(past);
  };

  return {
    learn: keep,
    step: (pair, { from, heavy }, clock, changed) => {
      const rest = heaviest.step(pair, ownOf(heavy));
      if (judge === null && rest === null) return keep(pair);
      // Who was heavy when it went wrong is told also when the others have caught up.
      if (rest !== null) removed = heaviest.removed();
      const isFirst = judge === null;
      judge ??= begin(clock);
      const left = rest ?? pair;
      const { pool: _, ...own } = clock;
      judge.detector.step(viewOf(left), {
        ...own,
        logWeight: judge.starts.weight(from, changed),
        isNewStage: isFirst || clock.isNewStage,
        calls: left.canary.n + left.baseline.n,
        designEffectOf: effectOf,
      });
    },
    reading: () => {
      if (judge === null) return null;
      const { logE, n, value, limit } = judge.detector.reading();
      return { logE, n, value, limit, removed };
    },
  };
};
