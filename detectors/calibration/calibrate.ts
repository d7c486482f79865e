import type { Arm } from "../../core/cohort.ts";
import type { ConfidentAnswer, Estimate } from "./confident-answer.ts";
import { type CurveBin, curveOf } from "./curve.ts";
import { type CurveError, curveError, resolutionOf } from "./curve-error.ts";
import { type KeptThreshold, keptThresholds } from "./kept-thresholds.ts";
import type { Kept } from "./threshold.ts";
import { type ArmMeans, type BoundedValue, type MeansAt, weightedMeans } from "./weighted-means.ts";

/** How well one arm knows what it knows. Intervals at 95%. */
export interface ArmCalibration {
  readonly n: number;
  readonly clusters: number;
  /** Share of right answers. */
  readonly right: Estimate;
  readonly bins: readonly CurveBin[];
  readonly ece: CurveError;
  /** Mean squared distance of the confidence from the outcome, 0 to 1. */
  readonly brier: Estimate;
  /** Mean confidence less the share of right answers, -1 to 1: above 0 it promises too much. */
  readonly overconfidence: Estimate;
  /** Null where there are not enough answers of different confidence for two bins. */
  readonly resolution: Estimate | null;
}

/** What is judged: canary minus baseline. */
export type JudgedMeasure = "brier" | "ece" | "overconfidence";

/** Canary minus baseline, at 95%. */
export interface CalibrationChange extends Readonly<Record<JudgedMeasure, Estimate>> {
  readonly resolution: Estimate | null;
}

/** What became of the comparison of two arms' confidence. */
export interface Calibration {
  /** `drift`: a difference of at least the margin is there; `none`: all differences are within it; else `undecided`. */
  readonly verdict: "drift" | "none" | "undecided";
  /** What is proven to differ. */
  readonly differs: readonly JudgedMeasure[];
  readonly baseline: ArmCalibration | null;
  readonly canary: ArmCalibration | null;
  readonly change: CalibrationChange | null;
  readonly thresholds: readonly KeptThreshold[];
  /** Answers of each arm that would decide it, if the differences stay what they are and gathered as these are; null: decided, or cannot be told. */
  readonly needed: number | null;
}

/** What a comparison is asked. */
export interface CalibrationQuestion {
  /** A smaller difference does not matter, 0 to 1. */
  readonly margin: number;
  /** On the baseline, 0 to 1. */
  readonly thresholds: readonly number[];
  readonly keeps: readonly Kept[];
  readonly seed: number;
}

const ALPHA = 0.05;
const JUDGED: readonly JudgedMeasure[] = ["brier", "ece", "overconfidence"];
/** Three differences are judged, so each at a third of the error (Bonferroni). */
const JUDGED_ALPHA = ALPHA / JUDGED.length;

const BRIER: BoundedValue = {
  of: ({ confidence, isRight }) => (confidence - Number(isRight)) ** 2,
  ...{ min: 0, max: 1 },
};
const OVERCONFIDENCE: BoundedValue = {
  of: ({ confidence, isRight }) => confidence - Number(isRight),
  ...{ min: -1, max: 1 },
};
const RIGHT: BoundedValue = { of: ({ isRight }) => Number(isRight), min: 0, max: 1 };

/** The difference of two figures that were found apart, from their own intervals. Source: Zou and Donner (2008). */
export const differenceOf = (baseline: Estimate, canary: Estimate): Estimate => {
  const value = canary.value - baseline.value;
  return {
    value,
    lower: value - Math.hypot(canary.value - canary.lower, baseline.upper - baseline.value),
    upper: value + Math.hypot(canary.upper - canary.value, baseline.value - baseline.lower),
  };
};

const isDifferent = ({ value, lower, upper }: Estimate, margin: number): boolean =>
  Math.abs(value) >= margin && (lower > 0 || upper < 0);

const isWithin = ({ lower, upper }: Estimate, margin: number): boolean => lower >= -margin && upper <= margin;

/** A target closer to the margin than this part of it would take endless answers. */
const NEAREST = 0.25;

/** How many times the answers would decide it, if the figure stays. */
const factorFor = (estimate: Estimate, margin: number): number => {
  if (isDifferent(estimate, margin) || isWithin(estimate, margin)) return 1;
  const half = Math.max(estimate.upper - estimate.value, estimate.value - estimate.lower);
  const size = Math.abs(estimate.value);
  return (half / Math.max(NEAREST * margin, size >= margin ? size : margin - size)) ** 2;
};

type MeanFigure = "right" | "brier" | "overconfidence";
type Figures = Readonly<Record<MeanFigure, ArmMeans>>;

const figuresAt = (answers: readonly ConfidentAnswer[], seed: number): ((alpha: number) => Figures) => {
  const means = (value: BoundedValue): MeansAt => weightedMeans(answers, value, seed);
  const [right, brier, overconfidence] = [means(RIGHT), means(BRIER), means(OVERCONFIDENCE)];
  return (alpha) => ({ right: right(alpha), brier: brier(alpha), overconfidence: overconfidence(alpha) });
};

const armOf = (
  answers: readonly ConfidentAnswer[],
  arm: Arm,
  { right, brier, overconfidence }: Figures,
  seed: number,
): ArmCalibration | null => {
  const own = answers.filter((answer) => answer.arm === arm);
  if (own.length === 0) return null;
  const { bins } = curveOf(own);
  return {
    ...{ n: own.length, clusters: new Set(own.map(({ cluster }) => cluster)).size, right: right[arm], bins },
    ...{ ece: curveError(bins, ALPHA, seed), brier: brier[arm], overconfidence: overconfidence[arm] },
    resolution: resolutionOf(bins, ALPHA, seed),
  };
};

const judgedOf = (
  { brier, overconfidence }: Figures,
  baseline: ArmCalibration,
  canary: ArmCalibration,
  seed: number,
): Readonly<Record<JudgedMeasure, Estimate>> => ({
  ...{ brier: brier.difference, overconfidence: overconfidence.difference },
  ece: differenceOf(
    curveError(baseline.bins, JUDGED_ALPHA, seed).error,
    curveError(canary.bins, JUDGED_ALPHA, seed).error,
  ),
});

const changeOf = (figures: Figures, baseline: ArmCalibration, canary: ArmCalibration): CalibrationChange => ({
  ...{ brier: figures.brier.difference, overconfidence: figures.overconfidence.difference },
  ece: differenceOf(baseline.ece.error, canary.ece.error),
  resolution:
    baseline.resolution === null || canary.resolution === null
      ? null
      : differenceOf(baseline.resolution, canary.resolution),
});

/**
 * Compares how well the confidence of two arms tells what is right. Intervals at 95%; the verdict is wrong about the three differences
 * it rests on in at most about 5% of cases. Deterministic: the same answers and seed give the same result.
 */
export const calibrate = (
  answers: readonly ConfidentAnswer[],
  { margin, thresholds, keeps, seed }: CalibrationQuestion,
): Calibration => {
  const figuresWith = figuresAt(answers, seed);
  const figures = figuresWith(ALPHA);
  const [baseline, canary] = [armOf(answers, "baseline", figures, seed), armOf(answers, "canary", figures, seed)];
  if (baseline === null || canary === null)
    return { verdict: "undecided", differs: [], baseline, canary, change: null, thresholds: [], needed: null };
  const judged = judgedOf(figuresWith(JUDGED_ALPHA), baseline, canary, seed);
  const differs = JUDGED.filter((measure) => isDifferent(judged[measure], margin));
  const isNone = JUDGED.every((measure) => isWithin(judged[measure], margin));
  const factor = Math.max(...JUDGED.map((measure) => factorFor(judged[measure], margin)));
  const verdict = differs.length > 0 ? "drift" : isNone ? "none" : "undecided";
  const questions = thresholds.flatMap((threshold) => keeps.map((kept) => ({ threshold, keeps: kept })));
  return {
    ...{ verdict, differs, baseline, canary, change: changeOf(figures, baseline, canary) },
    thresholds: keptThresholds(answers, questions, ALPHA, seed),
    needed: verdict === "undecided" ? Math.ceil(factor * Math.min(baseline.n, canary.n)) : null,
  };
};
