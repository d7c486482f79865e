import { EFFECT_FLOOR, MIN_POINTS } from "../stats/effect-size.ts";

/** What a comparison could have seen. */
export interface Detectable {
  /** Share of the answers that have something, from which the rise begins. */
  readonly from: number;
  /** A rise of as much (0 to 1) of a yes-or-no feature would have been found; null = none at all. */
  readonly rise: number | null;
  /** A shift of a number by as many of its standard deviations would have been found; null = none at all. */
  readonly shift: number | null;
  /** In this share of the cases. */
  readonly of_cases: number;
}

/** How much a set of answers tells. */
export interface Size {
  /** Answers of each arm. */
  readonly canary: number;
  readonly baseline: number;
  /** Factor by which pairs, clusters and strata change the variance of a difference. */
  readonly effect: number;
  /** Standard deviations that make a finding. */
  readonly critical: number;
}

const FROM = 0.1;
const OF_CASES = 0.9;
/** The standard normal's 90% quantile. */
const Z_CASES = 1.2816;
/** Slope of the chance of a larger value in d, at 0: 1 / (2 sqrt pi). */
const CHANCE_PER_D = 0.2821;
const STEP = 0.005;

const isFound = (rise: number, { canary: n, baseline: m, effect, critical }: Size): boolean => {
  const to = FROM + rise;
  const pooled = (n * to + m * FROM) / (n + m);
  const equal = Math.sqrt(effect * pooled * (1 - pooled) * (1 / n + 1 / m));
  const different = Math.sqrt(effect * ((to * (1 - to)) / n + (FROM * (1 - FROM)) / m));
  return rise >= Math.max(critical * equal, MIN_POINTS) + Z_CASES * different;
};

const riseOf = (size: Size): number | null => {
  for (let rise = STEP; FROM + rise <= 1; rise += STEP) if (isFound(rise, size)) return rise;
  return null;
};

/** The least rise and shift that are found in nine of ten cases. */
export const detectable = (size: Size): Detectable => {
  const { canary: n, baseline: m, effect, critical } = size;
  if (Math.min(n, m) === 0 || !Number.isFinite(critical))
    return { from: FROM, rise: null, shift: null, of_cases: OF_CASES };
  const deviation = Math.sqrt((effect / 12) * (1 / n + 1 / m)) / CHANCE_PER_D;
  const shift = Math.max(critical * deviation, EFFECT_FLOOR) + Z_CASES * deviation;
  return { from: FROM, rise: riseOf(size), shift, of_cases: OF_CASES };
};

/** Many times as many answers, as they are now, by which `rise` is found; the answers are then at least this many more. */
export const timesNeeded = (size: Size, rise: number): number => {
  let [low, high] = [1, 1];
  const finds = (times: number): boolean =>
    isFound(rise, { ...size, canary: size.canary * times, baseline: size.baseline * times });
  while (!finds(high) && high < 1e6) high *= 2;
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (finds(middle)) high = middle;
    else low = middle;
  }
  return high;
};
