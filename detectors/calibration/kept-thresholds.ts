import type { Arm } from "../../core/cohort.ts";
import { seededRandom } from "../../core/seeded-random.ts";
import { armSteps } from "./arm-steps.ts";
import type { ConfidentAnswer, Estimate } from "./confident-answer.ts";
import type { Steps } from "./isotonic.ts";
import { type Kept, keptBy, thresholdFor, type Unseen } from "./threshold.ts";
import { arePairs, drawWeights, numberClusters } from "./weighted-means.ts";

/** A threshold on the candidate; `value` null: no threshold reaches it; an end that is null: it lies beyond what was seen. */
export interface ThresholdEstimate {
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** The candidate's threshold that keeps what a threshold on the baseline gives. */
export interface KeptThreshold {
  readonly keeps: Kept;
  readonly baseline: number;
  /** What it gives there; null where no answer tells. */
  readonly kept: Estimate | null;
  /** Null where `kept` is. */
  readonly canary: ThresholdEstimate | null;
  /** Answers of each arm for an interval of 5 points either way, gathered as these are; null: cannot be told from these. */
  readonly needed: number | null;
}

/** What `keptThresholds` is asked. */
export interface ThresholdQuestion {
  readonly threshold: number;
  readonly keeps: Kept;
}

/** Half width with which a threshold can be worked with. */
const HALF_WIDTH = 0.05;
const DRAWS = 999;

type Way = "up" | "down";
type Place = Omit<Unseen, "weight">;

type WayPlaces = Readonly<Record<Way, Readonly<Record<Arm, Place>>>>;

/** Which answers, had they been seen, would move the candidate's threshold the most either way. */
const UNSEEN: Readonly<Record<Kept, WayPlaces>> = {
  precision: {
    up: { baseline: { at: 1, isRight: true }, canary: { at: 1, isRight: false } },
    down: { baseline: { at: 1, isRight: false }, canary: { at: 1, isRight: true } },
  },
  recall: {
    up: { baseline: { at: 0, isRight: true }, canary: { at: 1, isRight: true } },
    down: { baseline: { at: 1, isRight: true }, canary: { at: 0, isRight: true } },
  },
};

/** What one draw says of one question, with the answers nobody has seen put one way. No threshold is Infinity. */
interface Drawn {
  readonly kept: number;
  readonly canary: number;
}

interface Draw {
  readonly baseline: Steps;
  readonly canary: Steps;
  /** Weight of an unseen answer of each arm. */
  readonly unseen: Readonly<Record<Arm, number>>;
}

const answer = ({ baseline, canary, unseen }: Draw, { threshold, keeps }: ThresholdQuestion, way: Way): Drawn => {
  const place = UNSEEN[keeps][way];
  const kept = keptBy(baseline, threshold, keeps, { ...place.baseline, weight: unseen.baseline }) ?? 0;
  const found = thresholdFor(canary, kept, keeps, { ...place.canary, weight: unseen.canary });
  return { kept, canary: found ?? Number.POSITIVE_INFINITY };
};

const quantileOf = (values: readonly number[], level: number): number => {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(level * (sorted.length + 1)) - 1))] ?? 0;
};

type DrawnWays = Readonly<Record<Way, Drawn>>;

const ends = (draws: readonly DrawnWays[], of: keyof Drawn, alpha: number): [number, number] => {
  const [a, b] = (["down", "up"] as const).map((way) => draws.map((draw) => draw[way][of])) as [number[], number[]];
  const [low, high] = [Math.min(quantileOf(a, alpha / 2), quantileOf(b, alpha / 2)), 1 - alpha / 2];
  return [low, Math.max(quantileOf(a, high), quantileOf(b, high))];
};

const neededFor = (n: number, { value, lower, upper }: ThresholdEstimate): number | null => {
  if (value === null || lower === null || upper === null) return null;
  const half = Math.max(value - lower, upper - value);
  return Math.ceil(n * Math.max(1, (half / HALF_WIDTH) ** 2));
};

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/**
 * The candidate's thresholds that keep what thresholds on the baseline give, each with an interval either side of which misses with
 * about `alpha` / 2: a bootstrap of clusters of both arms, in which one answer of each arm that nobody has seen stands where it would
 * move the threshold the most. What gives a precision is read off a curve that never falls with the confidence.
 */
export const keptThresholds = (
  answers: readonly ConfidentAnswer[],
  questions: readonly ThresholdQuestion[],
  alpha: number,
  seed: number,
): readonly KeptThreshold[] => {
  const [ids, isPaired, random] = [numberClusters(answers), arePairs(answers), seededRandom(seed)];
  const arm = (own: Arm): readonly ConfidentAnswer[] => answers.filter((each) => each.arm === own);
  const [baseline, canary] = [armSteps(arm("baseline"), ids), armSteps(arm("canary"), ids)];
  const ones = new Float64Array(ids.size).fill(1);
  const [plain, other] = [baseline(ones), canary(ones)];
  const n = Math.min(arm("baseline").length, arm("canary").length);
  const drawn = questions.map((): DrawnWays[] => []);
  const weights = new Float64Array(ids.size + 2);
  for (let i = 0; i < DRAWS; i++) {
    drawWeights(random, weights);
    const [ofBaseline = 0, ofCanary = 0] = weights.subarray(ids.size);
    const unseen = { baseline: ofBaseline, canary: isPaired ? ofBaseline : ofCanary };
    const draw = { baseline: baseline(weights), canary: canary(weights), unseen };
    for (const [at, question] of questions.entries())
      drawn[at]?.push({ up: answer(draw, question, "up"), down: answer(draw, question, "down") });
  }
  return questions.map(({ threshold, keeps }, at): KeptThreshold => {
    const kept = n === 0 ? null : keptBy(plain, threshold, keeps, null);
    if (kept === null) return { keeps, baseline: threshold, kept: null, canary: null, needed: null };
    const value = thresholdFor(other, kept, keeps, null);
    const [lowest, highest] = ends(drawn[at] ?? [], "canary", alpha);
    const [least, most] = ends(drawn[at] ?? [], "kept", alpha);
    const found = {
      value,
      lower: finite(Math.min(value ?? Number.POSITIVE_INFINITY, lowest)),
      upper: value === null ? null : finite(Math.max(value, highest)),
    };
    return {
      ...{
        keeps,
        baseline: threshold,
        kept: { value: kept, lower: Math.min(kept, least), upper: Math.max(kept, most) },
      },
      ...{ canary: found, needed: neededFor(n, found) },
    };
  });
};
