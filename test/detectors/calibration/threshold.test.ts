import { describe, expect, test } from "vitest";
import { armSteps } from "../../../detectors/calibration/arm-steps.ts";
import { isotonic, type Steps } from "../../../detectors/calibration/isotonic.ts";
import { keptThresholds } from "../../../detectors/calibration/kept-thresholds.ts";
import { keptBy, thresholdFor } from "../../../detectors/calibration/threshold.ts";
import { block, drawArm } from "./world.ts";

const stepsOf = (rows: readonly (readonly [confidence: number, weight: number, right: number])[]): Steps => ({
  confidence: Float64Array.from(rows, ([confidence]) => confidence),
  weight: Float64Array.from(rows, ([, weight]) => weight),
  right: Float64Array.from(rows, ([, , right]) => right),
});

describe("pooling neighbours", () => {
  test("pools neighbours that are out of order: 1, 3, 2, 4 becomes 1, 2.5, 2.5, 4", () => {
    const { count, from, weight, right } = isotonic(
      stepsOf([
        [0.1, 10, 1],
        [0.2, 10, 3],
        [0.3, 10, 2],
        [0.4, 10, 4],
      ]),
    );
    expect(count).toBe(3);
    expect([...from.slice(0, count)]).toEqual([0, 1, 3]);
    expect([...weight.slice(0, count)]).toEqual([10, 20, 10]);
    expect([...right.slice(0, count)]).toEqual([1, 5, 4]);
  });

  test("never falls, and loses nothing", () => {
    const answers = drawArm("canary", 500, (p) => 0.5 + 0.3 * Math.sin(9 * p), 11);
    const steps = armSteps(answers, new Map())(new Float64Array([1]));
    const { count, weight, right } = isotonic(steps);
    const shares = Array.from({ length: count }, (_, i) => (right[i] ?? 0) / (weight[i] ?? 1));
    for (const [i, share] of shares.entries()) expect(share).toBeGreaterThan(shares[i - 1] ?? -1);
    expect(weight.slice(0, count).reduce((sum, each) => sum + each, 0)).toBeCloseTo(500, 9);
  });
});

describe("a threshold by hand", () => {
  const steps = stepsOf([
    [0.2, 10, 2],
    [0.5, 10, 5],
    [0.8, 10, 9],
  ]);

  test("has its precision and recall", () => {
    expect(keptBy(steps, 0.5, "precision", null)).toBeCloseTo(14 / 20, 12);
    expect(keptBy(steps, 0.5, "recall", null)).toBeCloseTo(14 / 16, 12);
    expect(keptBy(steps, 0.9, "precision", null)).toBeNull();
    expect(keptBy(steps, 0.9, "recall", null)).toBe(0);
  });

  test.each([
    ["precision", 0.7, 0.5],
    ["precision", 0.71, 0.8],
    ["precision", 0.9, 0.8],
    ["precision", 0.95, null],
    ["recall", 1, 0.2],
    ["recall", 14 / 16, 0.5],
    ["recall", 0.5, 0.8],
  ] as const)("for a %s of %d is %s", (keeps, target, expected) => {
    expect(thresholdFor(steps, target, keeps, null)).toBe(expected);
  });
});

describe("the candidate's threshold", () => {
  const answers = [
    ...drawArm("baseline", 3000, (p) => p, 1),
    ...drawArm("canary", 3000, (p) => Math.min(1, p + 0.1), 2),
  ];

  test("moves down where the candidate is right more often than it says", () => {
    const [precision, recall] = keptThresholds(
      answers,
      [
        { threshold: 0.8, keeps: "precision" },
        { threshold: 0.8, keeps: "recall" },
      ],
      0.05,
      3,
    );
    // Above 0.8 the baseline is right in 0.9; the candidate is so above 0.679.
    expect(precision?.kept?.value).toBeCloseTo(0.9, 1);
    expect(precision?.canary?.value).toBeGreaterThan(0.6);
    expect(precision?.canary?.lower).toBeLessThan(0.679);
    expect(precision?.canary?.upper).toBeGreaterThan(0.679);
    expect(precision?.needed).toBeGreaterThanOrEqual(3000);
    // Of the baseline's right ones 36% are above 0.8, and of the candidate's above 0.786.
    expect(recall?.canary?.lower).toBeLessThan(0.786);
    expect(recall?.canary?.upper).toBeGreaterThan(0.786);
  });

  test("is the same for the same seed", () => {
    const ask = () => keptThresholds(answers.slice(2500, 3500), [{ threshold: 0.5, keeps: "precision" }], 0.05, 3);
    expect(ask()).toEqual(ask());
  });

  test("is unknown where no answer of the baseline tells", () => {
    const few = [...block("baseline", 0.3, 2, 5), ...block("canary", 0.9, 4, 5)];
    expect(keptThresholds(few, [{ threshold: 0.8, keeps: "precision" }], 0.05, 1)).toEqual([
      { keeps: "precision", baseline: 0.8, kept: null, canary: null, needed: null },
    ]);
  });

  test.each([
    ["all right", 40, 40],
    ["all wrong", 0, 40],
    ["3 records", 2, 3],
  ])("of %s is not taken for certain", (_name, right, n) => {
    const few = [...block("baseline", 0.9, right, n), ...block("canary", 0.9, right, n)];
    const [found] = keptThresholds(few, [{ threshold: 0.8, keeps: "precision" }], 0.05, 1);
    expect(found?.kept?.upper ?? 0).toBeGreaterThan(found?.kept?.lower ?? 0);
    if (right > 0) expect(found?.canary?.upper).toBeNull();
    expect(found?.needed === null || (found?.canary?.lower ?? 1) < 0.9).toBe(true);
  });
});
