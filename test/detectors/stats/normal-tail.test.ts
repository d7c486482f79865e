import { describe, expect, it } from "vitest";
import {
  logTwoSided,
  studentOfZ,
  zOfLogTwoSided,
  zOfSkewed,
  zOfStudent,
} from "../../../detectors/stats/normal-tail.ts";

describe("the chance of being so far off", () => {
  it.each([
    [0, 0],
    [1.959963985, Math.log(0.05)],
    [-1.959963985, Math.log(0.05)],
    [6, Math.log(1.97317529e-9)],
    // log 2 more than the one-sided tail, where a double has long been 0.
    [40, -804.608442 + Math.log(2)],
  ])("at z = %d", (z, logP) => {
    expect(logTwoSided(z)).toBeCloseTo(logP, 5);
    expect(zOfLogTwoSided(logP)).toBeCloseTo(Math.abs(z), 5);
  });

  it.each([
    [2.776445, 4, 1.96],
    [2.262157, 9, 1.96],
    [8.610302, 4, 3.2905],
  ])("of Student's t = %d with %d degrees of freedom", (t, df, z) => {
    expect(Math.abs(zOfStudent(t, df) - z)).toBeLessThan(0.05);
    expect(studentOfZ(zOfStudent(t, df), df)).toBeCloseTo(t, 6);
  });
});

describe("a skewed sum", () => {
  it("is as it is without skewness, and its mirror image with the opposite one", () => {
    expect(zOfSkewed(2.5, 0)).toBe(2.5);
    expect(zOfSkewed(-2.5, -0.7)).toBeCloseTo(-zOfSkewed(2.5, 0.7), 12);
  });

  it("is as rare as a gamma variable: of shape 4, three deviations up are 1 in 86, not 1 in 740", () => {
    // P(Gamma(4) > 10) = exp(-10) (1 + 10 + 50 + 1000 / 6) = 0.01034; skewness 1, mean 4, deviation 2.
    expect(Math.exp(logTwoSided(zOfSkewed(3, 1))) / 2).toBeCloseTo(0.01034, 3);
  });

  it("is never no number, however skewed", () => {
    for (const z of [-50, -3, 0, 3, 50]) for (const skew of [-30, -1, 1, 30]) expect(zOfSkewed(z, skew)).not.toBeNaN();
  });
});
