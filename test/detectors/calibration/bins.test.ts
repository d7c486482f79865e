import { describe, expect, test } from "vitest";
import { equalMassBins } from "../../../detectors/calibration/bins.ts";
import { block, drawArm } from "./world.ts";

const sizes = (answers: Parameters<typeof equalMassBins>[0]): readonly number[] =>
  equalMassBins(answers).map((bin) => bin.length);

describe("bins of equal mass", () => {
  test("are ten of a tenth each where there is enough", () => {
    expect(sizes(drawArm("canary", 1000, (p) => p, 1))).toEqual(Array.from({ length: 10 }, () => 100));
  });

  test.each([
    [3, [3]],
    [39, [39]],
    [40, [20, 20]],
    [0, []],
  ])("are fewer for %d answers", (n, expected) => {
    expect(sizes(drawArm("canary", n, (p) => p, 1))).toEqual(expected);
  });

  test("never part answers of one confidence", () => {
    const answers = [...block("canary", 0.9, 300, 400), ...drawArm("canary", 100, (p) => p, 2)];
    const bins = equalMassBins(answers);
    expect(bins.filter((bin) => bin.some(({ confidence }) => confidence === 0.9))).toHaveLength(1);
    expect(bins.flat()).toHaveLength(500);
    expect(sizes(block("canary", 0.8, 5, 500))).toEqual([500]);
  });

  test("rise, and hold at least 20 answers each", () => {
    const bins = equalMassBins([...drawArm("canary", 333, (p) => p, 3), ...block("canary", 1, 40, 50)]);
    for (const [i, bin] of bins.entries()) {
      expect(bin.length).toBeGreaterThanOrEqual(20);
      const next = bins[i + 1]?.[0]?.confidence ?? 2;
      expect(Math.max(...bin.map(({ confidence }) => confidence))).toBeLessThan(next);
    }
  });
});
