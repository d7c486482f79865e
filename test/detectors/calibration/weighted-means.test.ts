import { describe, expect, test } from "vitest";
import { type BoundedValue, weightedMeans } from "../../../detectors/calibration/weighted-means.ts";
import { binomialInterval } from "../../../detectors/stats/binomial-interval.ts";
import { answersOf, block, drawArm } from "./world.ts";

const RIGHT: BoundedValue = { of: ({ isRight }) => Number(isRight), min: 0, max: 1 };
const BRIER: BoundedValue = {
  of: ({ confidence, isRight }) => (confidence - Number(isRight)) ** 2,
  ...{ min: 0, max: 1 },
};

const other = block("baseline", 0.5, 1, 2);

describe("the interval of a mean", () => {
  test.each([
    [0, 3],
    [3, 3],
    [1, 20],
    [10, 20],
    [40, 200],
    [200, 200],
  ])("is the exact one for %d right ones of %d", (events, n) => {
    const { canary } = weightedMeans([...block("canary", 0.9, events, n), ...other], RIGHT, 7)(0.05);
    const exact = binomialInterval(events, n);
    expect(canary.value).toBe(events / n);
    // Of 1,999 draws 50 are further out, which says where a quantile is to a seventh of its distance from the end.
    expect(Math.abs(canary.lower - exact.lower)).toBeLessThan(0.04 / Math.sqrt(n / 3));
    expect(Math.abs(canary.upper - exact.upper)).toBeLessThan(0.04 / Math.sqrt(n / 3));
  });

  test("holds the Brier score by hand", () => {
    // 0.7 and it happened: 0.09; 0.7 and it did not: 0.49; Brier's own example of a forecast of 1 that came true: 0.
    const answers = answersOf("canary", [
      [0.7, 1],
      [0.7, 0],
      [1, 1],
    ]);
    const { canary } = weightedMeans([...answers, ...other], BRIER, 1)(0.05);
    expect(canary.value).toBeCloseTo(0.58 / 3, 12);
    expect(canary.lower).toBeLessThan(canary.value);
    expect(canary.upper).toBeGreaterThan(0.5);
  });

  test("is wider where answers hang together, and the same for the same seed", () => {
    const width = (alike: number): number => {
      const answers = [...drawArm("canary", 400, (p) => p, 3, alike), ...drawArm("baseline", 400, (p) => p, 4, alike)];
      const { canary } = weightedMeans(answers, BRIER, 9)(0.05);
      expect(weightedMeans(answers, BRIER, 9)(0.05).canary).toEqual(canary);
      return canary.upper - canary.lower;
    };
    expect(width(20)).toBeGreaterThan(1.3 * width(1));
  });

  test("of a difference is narrower for pairs that are alike", () => {
    const one = drawArm("baseline", 200, (p) => p, 3).map((answer, i) => ({ ...answer, cluster: `p${i}` }));
    const same = one.map((answer) => ({ ...answer, arm: "canary" as const }));
    const width = (suffix: string): number => {
      const { difference } = weightedMeans(
        [...one, ...same.map((answer) => ({ ...answer, cluster: `${answer.cluster}${suffix}` }))],
        BRIER,
        5,
      )(0.05);
      expect(difference.lower).toBeLessThan(0);
      expect(difference.upper).toBeGreaterThan(0);
      return difference.upper - difference.lower;
    };
    expect(width("")).toBeLessThan(0.5 * width("!"));
  });
});
