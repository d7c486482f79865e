import {
  HANDOFF_KINDS,
  HANDOFF_SIGNALS,
  type HandoffCells,
  type HandoffEffect,
  type HandoffGroups,
  type HandoffSignal,
  type HandoffSums,
} from "../../core/handoff.ts";
import { normalQuantile } from "../stats/normal-quantile.ts";
import { rateInterval } from "../stats/one-sample.ts";

/** Conversations of each group from which on a difference is given. */
export const MIN_CONVERSATIONS = 30;

const ALPHA = 0.05;

interface Difference {
  readonly difference: number;
  readonly interval: { readonly lower: number; readonly upper: number };
}

const meanOf = ({ sum, n }: HandoffSums): number => sum / n;

/** Of a mean: never below 0 by rounding. */
const squaredError = ({ sum, squares, n }: HandoffSums): number =>
  Math.max(0, (squares - (sum * sum) / n) / (n - 1)) / n;

/** Each rate has its own interval, of which a quarter of what may be missed is on each side: their ends make the difference's. */
const ofRates = ({ moved, stayed }: HandoffGroups<HandoffSums>): Difference | null => {
  const [a, b] = [moved, stayed].map(({ sum, n }) => rateInterval(Math.min(n, sum), n, ALPHA / 4));
  if (a == null || b == null) return null;
  return {
    difference: meanOf(moved) - meanOf(stayed),
    interval: { lower: a.lower - b.upper, upper: a.upper - b.lower },
  };
};

/** Student's quantile, to the first order of its expansion in the degrees of freedom. */
const studentQuantile = (p: number, freedom: number): number => {
  const z = normalQuantile(p);
  return z + (z ** 3 + z) / (4 * freedom);
};

/** Welch's interval of the difference of mean logarithms, as a relative difference. */
const ofAmounts = ({ moved, stayed }: HandoffGroups<HandoffSums>): Difference => {
  const [a, b] = [squaredError(moved), squaredError(stayed)];
  const between = a + b;
  const freedom =
    between === 0 ? moved.n + stayed.n - 2 : between ** 2 / (a ** 2 / (moved.n - 1) + b ** 2 / (stayed.n - 1));
  const log = meanOf(moved) - meanOf(stayed);
  const half = studentQuantile(1 - ALPHA / 2, freedom) * Math.sqrt(between);
  return {
    difference: Math.expm1(log),
    interval: { lower: Math.expm1(log - half), upper: Math.expm1(log + half) },
  };
};

const typicalOf = (signal: HandoffSignal, sums: HandoffSums): number | null => {
  if (sums.n === 0) return null;
  return HANDOFF_KINDS[signal] === "rate" ? meanOf(sums) : Math.exp(meanOf(sums));
};

const missingOf = ({ n }: HandoffSums): number => Math.max(0, MIN_CONVERSATIONS - n);

const effectOf = (signal: HandoffSignal, groups: HandoffGroups<HandoffSums>): HandoffEffect => {
  const { moved, stayed } = groups;
  const missing = { moved: missingOf(moved), stayed: missingOf(stayed) };
  const isEnough = missing.moved === 0 && missing.stayed === 0;
  const found = !isEnough ? null : HANDOFF_KINDS[signal] === "rate" ? ofRates(groups) : ofAmounts(groups);
  return {
    signal,
    conversations: { moved: moved.n, stayed: stayed.n },
    values: { moved: typicalOf(signal, moved), stayed: typicalOf(signal, stayed) },
    difference: found?.difference ?? null,
    interval: found?.interval ?? null,
    missing: isEnough ? null : missing,
  };
};

/**
 * What a move to an arm does to the first turns after it, beside later turns of conversations of that arm and time that were never
 * moved. A conversation is one draw, however many calls it makes. Pure.
 */
export const handoffEffects = ({ sums }: Pick<HandoffCells, "sums">): readonly HandoffEffect[] =>
  HANDOFF_SIGNALS.map((signal) => effectOf(signal, sums[signal]));
