import { normalFrom, seededRandom } from "../../core/seeded-random.ts";
import { normalQuantile } from "../stats/normal-quantile.ts";
import { logTwoSided } from "../stats/normal-tail.ts";
import type { Estimate } from "./confident-answer.ts";
import type { CurveBin } from "./curve.ts";

/** Expected calibration error of one arm. */
export interface CurveError {
  /** Without what chance adds. */
  readonly error: Estimate;
  /** As it is usually computed: mean distance of the curve from the diagonal. Chance alone makes it more than 0. */
  readonly plain: number;
  /** What the plain one has too much. */
  readonly bias: number;
  /** What the plain one would be on average if every confidence were right. */
  readonly byChance: number;
}

interface Gap {
  readonly weight: number;
  readonly gap: number;
  readonly deviation: number;
}

const DRAWS = 1999;
const STEPS = 40;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Mean of |X| for a normal X: what a distance looks like through noise. Source: Leone, Nelson and Nottingham (1961). */
export const foldedMean = (mean: number, deviation: number): number => {
  const ratio = Math.abs(mean) / deviation;
  return (
    deviation * Math.sqrt(2 / Math.PI) * Math.exp((-ratio * ratio) / 2) +
    Math.abs(mean) * -Math.expm1(logTwoSided(ratio))
  );
};

const gapsOf = (bins: readonly CurveBin[]): readonly Gap[] => {
  const n = sum(bins.map((bin) => bin.n));
  return bins.map(({ n: own, confidence, right, deviation }) => ({
    weight: own / n,
    gap: confidence - right.value,
    deviation,
  }));
};

/** The part of the gaps that, seen through their noise, looks like all of them do. 0 where noise alone would do. */
const trueShare = (gaps: readonly Gap[], plain: number): number => {
  const seen = (share: number): number =>
    sum(gaps.map(({ weight, gap, deviation }) => weight * foldedMean(share * gap, deviation)));
  let [low, high] = [0, 1];
  if (seen(0) >= plain) return 0;
  for (let i = 0; i < STEPS; i++) {
    const middle = (low + high) / 2;
    if (seen(middle) > plain) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
};

/** Quantile `level` of what `of` makes of normal draws, one for each bin. */
const noiseQuantile = (bins: number, level: number, seed: number, of: (draws: readonly number[]) => number): number => {
  const random = seededRandom(seed);
  const values = Float64Array.from({ length: DRAWS }, () =>
    of(Array.from({ length: bins }, () => normalFrom(random))),
  ).sort();
  return values[Math.min(DRAWS - 1, Math.ceil(level * (DRAWS + 1)) - 1)] ?? 0;
};

/**
 * Expected calibration error of a curve with its interval, each side of which misses with at most `alpha` / 2: it cannot be more
 * above the plain one than a sum of the gaps with fixed signs strays, nor more below than their distances by chance add up to (the
 * triangle inequality), so that it holds also where the curve lies on the diagonal. Derivation: docs/calibration.md.
 */
export const curveError = (bins: readonly CurveBin[], alpha: number, seed: number): CurveError => {
  const gaps = gapsOf(bins);
  const plain = sum(gaps.map(({ weight, gap }) => weight * Math.abs(gap)));
  const above = normalQuantile(1 - alpha / 2) * Math.sqrt(sum(gaps.map((each) => (each.weight * each.deviation) ** 2)));
  const under = noiseQuantile(gaps.length, 1 - alpha / 2, seed, (draws) =>
    sum(gaps.map(({ weight, deviation }, i) => weight * deviation * Math.abs(draws[i] ?? 0))),
  );
  const value = trueShare(gaps, plain) * plain;
  return {
    error: { value, lower: Math.max(0, plain - under), upper: Math.min(1, plain + above) },
    ...{ plain, bias: plain - value },
    byChance: sum(gaps.map(({ weight, deviation }) => weight * deviation)) * Math.sqrt(2 / Math.PI),
  };
};

/** The most a share's variance can be. */
const MAX_RESOLUTION = 0.25;

/**
 * Resolution of a curve: how far the shares of right answers lie apart, as their variance, without what chance adds. 0 says that the
 * confidence tells nothing; null where there are no two bins to tell apart. The interval is made as that of the error. Source: Murphy (1973); Bröcker (2012) for the bias.
 */
export const resolutionOf = (bins: readonly CurveBin[], alpha: number, seed: number): Estimate | null => {
  if (bins.length < 2) return null;
  const gaps = gapsOf(bins);
  const mean = sum(bins.map(({ right }, i) => (gaps[i]?.weight ?? 0) * right.value));
  const plain = sum(bins.map(({ right }, i) => (gaps[i]?.weight ?? 0) * (right.value - mean) ** 2));
  const chance = sum(gaps.map(({ weight, deviation }) => weight * (1 - weight) * deviation ** 2));
  const above =
    normalQuantile(1 - alpha / 2) *
    Math.max(...gaps.map(({ weight, deviation }) => Math.sqrt(weight * (1 - weight)) * deviation));
  const under = noiseQuantile(gaps.length, 1 - alpha / 2, seed, (draws) =>
    Math.sqrt(sum(gaps.map(({ weight, deviation }, i) => weight * (1 - weight) * (deviation * (draws[i] ?? 0)) ** 2))),
  );
  return {
    value: Math.max(0, plain - chance),
    lower: Math.max(0, Math.sqrt(plain) - under) ** 2,
    upper: Math.min(MAX_RESOLUTION, (Math.sqrt(plain) + above) ** 2),
  };
};
