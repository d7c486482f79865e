import { describe, expect, test } from "vitest";
import { keptThresholds } from "../../detectors/calibration/kept-thresholds.ts";
import { type BoundedValue, weightedMeans } from "../../detectors/calibration/weighted-means.ts";
import { drawArm, type Truth } from "../detectors/calibration/world.ts";

const right: Truth = (p) => p;
const tooSure: Truth = (p) => 0.8 * p;
const tooShy: Truth = (p) => Math.min(1, p + 0.1);

const GRID = 4000;
const mean = (of: (p: number) => number, from = 0): number => {
  let sum = 0;
  for (let i = 0; i < GRID; i++) sum += of(from + ((1 - from) * (i + 0.5)) / GRID);
  return sum / GRID;
};

const brier = (truth: Truth): number => mean((p) => truth(p) * (1 - p) ** 2 + (1 - truth(p)) * p ** 2);
const precision = (truth: Truth, from: number): number => mean(truth, from);
const recall = (truth: Truth, from: number): number => ((1 - from) * mean(truth, from)) / mean(truth);

const solve = (of: (x: number) => number, target: number): number => {
  let [low, high] = [0, 1];
  const rises = of(0.9) > of(0.1);
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (of(middle) >= target === rises) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
};

const BRIER: BoundedValue = {
  of: ({ confidence, isRight }) => (confidence - Number(isRight)) ** 2,
  ...{ min: 0, max: 1 },
};

const RUNS = 200;
/** 95% of the nominal 95%, less two standard deviations of so many runs. */
const LEAST = RUNS * 0.95 * 0.95 - 2 * Math.sqrt(RUNS * 0.9 * 0.1);

const holds = (lower: number | null, truth: number, upper: number | null): boolean =>
  (lower === null || lower <= truth) && (upper === null || truth <= upper);

describe.each<[number, number, Truth, Truth]>([
  [20, 1, right, tooSure],
  [50, 1, right, tooShy],
  [300, 1, right, right],
  [300, 1, right, tooShy],
  [400, 4, right, tooShy],
])("intervals of calibration, %d answers an arm, %d of a cluster", (n, alike, before, after) => {
  test("hold the truth as often as they say", () => {
    const held = { brier: 0, difference: 0, precision: 0, recall: 0 };
    const at = 0.6;
    for (let run = 0; run < RUNS; run++) {
      const answers = [
        ...drawArm("baseline", n, before, 2 * run, alike),
        ...drawArm("canary", n, after, 2 * run + 1, alike),
      ];
      const { canary, difference } = weightedMeans(answers, BRIER, run)(0.05);
      held.brier += Number(holds(canary.lower, brier(after), canary.upper));
      held.difference += Number(holds(difference.lower, brier(after) - brier(before), difference.upper));
      const questions = (["precision", "recall"] as const).map((keeps) => ({ threshold: at, keeps }));
      const [byPrecision, byRecall] = keptThresholds(answers, questions, 0.05, run).map((each) => each.canary);
      const kept = [precision(before, at), recall(before, at)] as const;
      const truth = [solve((x) => precision(after, x), kept[0]), solve((x) => recall(after, x), kept[1])] as const;
      held.precision += Number(holds(byPrecision?.lower ?? null, truth[0], byPrecision?.upper ?? null));
      held.recall += Number(holds(byRecall?.lower ?? null, truth[1], byRecall?.upper ?? null));
    }
    for (const [name, runs] of Object.entries(held)) expect(runs, name).toBeGreaterThanOrEqual(LEAST);
  });
});
