import type { MeasuredKind, SignalName } from "../../core/signals.ts";
import { LIMIT_ALPHA } from "../plan.ts";
import { type Beyond, type Bin, bettingIncrements } from "../stats/betting.ts";
import { type GridVector, gridVector } from "../stats/grid.ts";
import { lae } from "../stats/log-space.ts";
import type { Sign } from "../stats/one-sample.ts";
import { createArmTracker, type Slice, stageCalls, stageInterval, stageMeans, stageShare } from "./arm-tracker.ts";
import { binsOf } from "./bins.ts";
import {
  type BreachProcess,
  createBreachProcess,
  createPassProcess,
  type EvidenceProcess,
} from "./evidence-process.ts";
import { createMeanReferences, knowsBaseline, type MeanReference, MIN_BASELINE } from "./mean-reference.ts";
import { meanOf, readOnset } from "./onset-totals.ts";
import type { SegmentDetector, TickClock } from "./segment-detector.ts";
import { createSideStarts } from "./side-starts.ts";
import { createZeroPass } from "./zero-pass.ts";

/** Canary calls that are not zero before a rise is acted on. */
const MIN_EVENTS = 3;

/** What a mean may do against the baseline's: stay below ratio * mean + delta (`harm` up) or above it (down). */
export interface MeanSettings {
  readonly signal: SignalName;
  readonly kind: MeasuredKind;
  readonly sides: readonly { readonly harm: "up" | "down"; readonly ratio: number; readonly delta: number }[];
  /** What the baseline's mean is taken for until enough of its calls are known; absent: nothing is bet before. */
  readonly prior?: number;
  /** Nobody asks for a breach: nothing is bet on one. Default: false. */
  readonly onlyPass?: boolean;
}

/** What one slice is bet on with. */
interface Bets {
  readonly reference: MeanReference;
  readonly share: number;
  readonly arms: { readonly canary: readonly Bin[]; readonly baseline: readonly Bin[] };
}

interface Side {
  readonly breach: BreachProcess;
  readonly pass: EvidenceProcess;
  readonly harm: Sign;
  readonly ratio: number;
  readonly delta: number;
}

/** The largest value of each arm in the stage so far: what a pass has to hold for. */
interface Largest {
  canary: number;
  baseline: number;
}

const largestOf = (bins: readonly Bin[], before: number): number =>
  bins.reduce((high, [value, count]) => (count > 0 && value > high ? value : high), before);

/** Log-weight that starts with a tick, and the part of it that one side has. */
interface SideStart {
  readonly logWeight: number;
  readonly part: number;
}

/**
 * Difference or ratio of means by two-arm centred betting: rates, scores and heavy-tailed values alike. Two sides
 * (a rule in either direction) are averaged for a breach; both must pass for a clear.
 */
export const createMeanDetector = (settings: MeanSettings): SegmentDetector => {
  const { signal, kind, sides, onlyPass = false } = settings;
  const tracker = createArmTracker(signal, kind === "value");
  const states: readonly Side[] = sides.map(({ harm, ratio, delta }) => ({
    breach: createBreachProcess(signal),
    pass: createPassProcess(signal),
    harm: harm === "up" ? 1 : -1,
    ratio,
    delta,
  }));
  const starts = createSideStarts(states, kind !== "value");
  const references = createMeanReferences(kind, tracker, settings.prior ?? null);
  const zero = createZeroPass(
    signal,
    kind,
    sides.filter(({ delta }) => delta === 0).map(({ harm }) => harm),
  );
  const largest: Largest = { canary: 0, baseline: 0 };

  const counted = (sign: Sign): Beyond => ({
    kind: "counted",
    seen: sign === -1 ? largest.canary : largest.baseline,
  });
  /** A fall is proven, or excluded, by what every call really was; a rise by what each bet can afford to see of it. */
  const beyondFor = (sign: Sign, isBreach: boolean): Beyond =>
    isBreach && sign === 1 ? { kind: "rungs" } : counted(sign);

  const stepSide = (
    side: Side,
    { bets, calls, start }: { bets: Bets | null; calls: Slice["pair"] | null; start: SideStart },
    clock: TickClock,
  ): void => {
    const { ratio, delta, harm } = side;
    const increments = (sign: Sign, isBreach: boolean): GridVector => {
      if (bets === null) return gridVector();
      const anchor = ratio * bets.reference.mean + delta;
      const high = bets.reference.high(Math.abs(anchor), sign);
      const beyond = beyondFor(sign, isBreach);
      return bettingIncrements({ ratio, delta, low: 0, high, sign, beyond }, anchor, bets.share, bets.arms);
    };
    if (!onlyPass) {
      const bet = increments(harm, true);
      const { part, logWeight } = start;
      side.breach.step(bet, { ...clock, logWeight: logWeight + Math.log(part) }, calls);
      if (bets !== null) clock.pool?.(states.indexOf(side), bet, part);
    }
    side.pass.step(increments(harm === 1 ? -1 : 1, false), clock);
  };

  const betsOn = (slice: Slice | null, reference: Bets["reference"] | null): Bets | null => {
    if (slice === null || reference === null) return null;
    const { canary, baseline } = slice.pair;
    return { reference, share: slice.share, arms: { canary: binsOf(kind, canary), baseline: binsOf(kind, baseline) } };
  };

  const settle = (slice: Slice | null, bets: Bets | null): void => {
    tracker.settle(slice);
    if (slice !== null) references.settle(slice.pair.canary);
    if (bets === null) return;
    largest.canary = largestOf(bets.arms.canary, largest.canary);
    largest.baseline = largestOf(bets.arms.baseline, largest.baseline);
  };

  /** A limit that is a distance from zero can be compared with, whatever the baseline is. */
  const logEOfSide = ({ harm, delta, pass }: Side): number =>
    (delta === 0 ? zero.logE(harm === 1 ? "up" : "down") : null) ?? pass.logE();
  const logEOfBreach = (): number => states.map((side) => side.breach.logE()).reduce(lae, Number.NEGATIVE_INFINITY);

  const strongestSide = (): Side | undefined =>
    states.reduce<Side | undefined>(
      (a, b) => (a === undefined || b.breach.logE() > a.breach.logE() ? b : a),
      undefined,
    );

  const onsetOf = (side: Side | undefined): ReturnType<typeof readOnset> =>
    side === undefined
      ? null
      : readOnset(side.breach.onset(), {
          valueOfArm: meanOf,
          limitFrom: (mean) => (mean === null ? null : side.ratio * mean + side.delta),
          countsEvents: kind === "rate",
        });

  return {
    step: (view, clock) => {
      const pair = view.pair(signal);
      if (clock.isNewStage) Object.assign(largest, { canary: 0, baseline: 0 });
      const slice = tracker.take(pair, clock);
      const reference = references.at(clock);
      const bets = betsOn(slice, reference);
      const logWeight = starts.weight(clock.logWeight, reference !== null);
      const shares = starts.shares(reference?.mean ?? null);
      states.forEach((side, i) => {
        stepSide(side, { bets, calls: slice?.pair ?? null, start: { logWeight, part: shares[i] ?? 0 } }, clock);
      });
      zero.step(pair, clock);
      settle(slice, bets);
    },
    reading: () => {
      const { canary, baseline } = tracker.stage;
      const means = stageMeans(tracker);
      // Of a rule with two sides people read the limit the canary is nearer to, of those that can be broken at all.
      const isAbove = (means.canary ?? 0) >= (means.baseline ?? 0);
      const possible = states.filter((_, i) => (starts.shares(means.baseline)[i] ?? 0) > 0);
      const side = possible.find(({ harm }) => harm === (isAbove ? 1 : -1)) ?? possible[0] ?? states[0];
      return {
        method: "two-arm-betting",
        logE: logEOfBreach(),
        logEPass: Math.min(...states.map(logEOfSide)),
        n: stageCalls(tracker),
        events: kind === "rate" ? { canary: canary.sum, baseline: baseline.sum } : null,
        value: means,
        interval: () => (kind === "value" ? null : stageInterval(tracker, LIMIT_ALPHA)),
        limit: means.baseline === null || side === undefined ? null : side.ratio * means.baseline + side.delta,
        onset: () => onsetOf(strongestSide()),
        reference: { seen: Math.floor(tracker.baseline.n), calls: MIN_BASELINE[kind] },
        share: stageShare(tracker),
        designEffect: tracker.designEffect(),
        enough: zero.canaryEvents() >= MIN_EVENTS || states.some(({ harm }) => harm === -1),
        warmingUp: baseline.n > 0 && settings.prior === undefined && !knowsBaseline(kind, tracker),
        baselineIll: false,
      };
    },
  };
};
