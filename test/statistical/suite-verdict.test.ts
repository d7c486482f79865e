import { describe, expect, it } from "vitest";
import { type SimulatedSuite, simulatedSuite } from "../../bench/suite/simulated-suite.ts";
import { seededRandom } from "../../core/seeded-random.ts";
import { type SuiteWord, suiteWord } from "../../detectors/suite/suite-verdict.ts";

const SUITES = 1000;
/** A rate of 5% is seen beyond it in one of a thousand such simulations. */
const BEYOND = 0.05 + 3.1 * Math.sqrt((0.05 * 0.95) / SUITES);

const shares = (suite: SimulatedSuite, seed: number): Readonly<Record<SuiteWord, number>> => {
  const random = seededRandom(seed);
  const counts = { equivalent: 0, worse: 0, better: 0, undecided: 0 };
  for (let at = 0; at < SUITES; at += 1) counts[suiteWord(simulatedSuite(suite, random), 0.02, at).word] += 1 / SUITES;
  return counts;
};

describe("1,000 simulated suites", () => {
  it.each([
    [30, 1],
    [200, 1],
    [60, 5],
    [200, 5],
  ])("of equal models, %i cases of %i runs, are told apart in 5 of 100 at most", (cases, runs) => {
    const { worse, better } = shares({ cases, runs, broken: 0, mended: 0 }, 1);
    expect(worse + better).toBeLessThan(BEYOND);
  });

  it.each([
    [100, 0.02, 0],
    [200, 0.02, 0],
    [200, 0, 0.02],
    [400, 0.03, 0.01],
  ])("of %i cases, %f broken and %f mended, are called equivalent in 5 of 100 at most", (cases, broken, mended) => {
    expect(shares({ cases, runs: 5, broken, mended }, 2).equivalent).toBeLessThan(BEYOND);
  });

  it("see a drop of 5 points in 100 cases", () => {
    expect(shares({ cases: 100, runs: 5, broken: 0.05, mended: 0 }, 3).worse).toBeGreaterThan(0.7);
  });
});
