import { describe, expect, test } from "vitest";
import { curveOf } from "../../../detectors/calibration/curve.ts";
import { curveError, foldedMean, resolutionOf } from "../../../detectors/calibration/curve-error.ts";
import { block, drawArm, type Truth } from "./world.ts";

const right: Truth = (p) => p;
const tooSure: Truth = (p) => 0.8 * p;

describe("the curve", () => {
  test("has the exact interval of Clopper and Pearson on its points", () => {
    const [bin] = curveOf(block("canary", 0.9, 10, 20)).bins;
    // Of 10 in 20, in every table: 0.272 to 0.728.
    expect(bin?.right.value).toBe(0.5);
    expect(bin?.right.lower).toBeCloseTo(0.272, 3);
    expect(bin?.right.upper).toBeCloseTo(0.728, 3);
  });

  test("takes answers that are alike in a cluster for fewer", () => {
    const alone = curveOf(drawArm("canary", 400, right, 5));
    const alike = curveOf(drawArm("canary", 400, right, 5, 8));
    expect(alone.designEffect).toBeLessThan(1.5);
    expect(alike.designEffect).toBeGreaterThan(1.8);
    expect(alike.designEffect).toBeLessThanOrEqual(8);
  });

  test("takes one conversation for one draw", () => {
    const one = block("canary", 0.9, 30, 40).map((answer) => ({ ...answer, cluster: "same" }));
    expect(curveOf(one).designEffect).toBe(40);
  });
});

describe("the expected calibration error", () => {
  test("is the mean distance from the diagonal, by hand", () => {
    // Half of the answers 0.2 above, half 0.1 below it.
    const { bins } = curveOf([...block("canary", 0.6, 400, 1000), ...block("canary", 0.8, 900, 1000)]);
    const { plain, error, bias } = curveError(bins, 0.05, 1);
    expect(plain).toBeCloseTo(0.15, 12);
    expect(error.value).toBeCloseTo(0.15, 3);
    expect(error.value + bias).toBeCloseTo(plain, 12);
  });

  test("of noise has the mean of a folded normal", () => {
    expect(foldedMean(0, 1)).toBeCloseTo(Math.sqrt(2 / Math.PI), 6);
    expect(foldedMean(1, 1)).toBeCloseTo(1.16663, 4);
    expect(foldedMean(-5, 0.1)).toBeCloseTo(5, 9);
  });

  test.each<[string, Truth]>([
    ["calibrated", right],
    ["too sure", tooSure],
  ])("without what chance adds is nearer to the truth, for an arm that is %s", (_name, truth) => {
    const runs = Array.from({ length: 100 }, (_, seed) => {
      const answers = drawArm("canary", 300, truth, seed);
      const { bins } = curveOf(answers);
      const sorted = [...answers].sort((a, b) => a.confidence - b.confidence);
      let at = 0;
      const known = bins.reduce((sum, bin) => {
        const own = sorted.slice(at, at + bin.n);
        at += bin.n;
        const gap = bin.confidence - own.reduce((all, { confidence }) => all + truth(confidence), 0) / bin.n;
        return sum + (bin.n / answers.length) * Math.abs(gap);
      }, 0);
      const { plain, error } = curveError(bins, 0.05, seed);
      return { plain: plain - known, less: error.value - known, isIn: error.lower <= known && known <= error.upper };
    });
    const mean = (of: "plain" | "less"): number => runs.reduce((sum, each) => sum + each[of], 0) / runs.length;
    expect(mean("plain")).toBeGreaterThan(0.004);
    expect(Math.abs(mean("less"))).toBeLessThan(mean("plain") + 0.01);
    expect(mean("less")).toBeLessThan(mean("plain"));
    expect(runs.filter(({ isIn }) => isIn).length).toBeGreaterThanOrEqual(93);
  });

  test.each([
    ["3 answers, all right", block("canary", 0.9, 3, 3)],
    ["3 answers, all wrong", block("canary", 0.9, 0, 3)],
    ["all right", block("canary", 1, 500, 500)],
    ["all wrong", block("canary", 1, 0, 500)],
  ])("of %s has an interval with room around it", (_name, answers) => {
    const { error } = curveError(curveOf(answers).bins, 0.05, 1);
    expect(error.lower).toBeLessThanOrEqual(error.value);
    expect(error.value).toBeLessThanOrEqual(error.upper);
    expect(error.upper - error.lower).toBeGreaterThan(0);
    expect(error.upper).toBeLessThanOrEqual(1);
  });
});

describe("the resolution", () => {
  test("is the variance of the shares, by hand (Murphy 1973)", () => {
    const { bins } = curveOf([...block("canary", 0.2, 2000, 10_000), ...block("canary", 0.8, 8000, 10_000)]);
    const resolution = resolutionOf(bins, 0.05, 1);
    expect(resolution?.value).toBeCloseTo(0.09, 4);
    expect(resolution?.lower).toBeLessThan(0.09);
    expect(resolution?.upper).toBeGreaterThan(0.09);
  });

  test("is unknown where no two bins can be told apart", () => {
    expect(resolutionOf(curveOf(block("canary", 0.9, 400, 500)).bins, 0.05, 1)).toBeNull();
    expect(resolutionOf(curveOf(drawArm("canary", 3, right, 1)).bins, 0.05, 1)).toBeNull();
  });

  test("may be none where the confidence tells nothing", () => {
    const resolution = resolutionOf(curveOf(drawArm("canary", 600, () => 0.7, 4)).bins, 0.05, 1);
    expect(resolution?.lower).toBe(0);
  });
});
