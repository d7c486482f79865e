import { describe, expect, it } from "vitest";
import type { CaseCounts } from "../../../detectors/suite/case-counts.ts";
import { caseVerdict, expectedByNoise } from "../../../detectors/suite/case-verdict.ts";
import { exchangeTest } from "../../../detectors/suite/exchange-test.ts";
import { leastCases } from "../../../detectors/suite/more-needed.ts";
import { suiteVerdict } from "../../../detectors/suite/suite-verdict.ts";
import { chanceAtMargin } from "../../../detectors/suite/within-margin.ts";

const counts = (baseline: number, candidate: number, runs = 5, candidateRuns = runs): CaseCounts => ({
  baseline: { passes: baseline, runs },
  candidate: { passes: candidate, runs: candidateRuns },
});

const many = (n: number, each: CaseCounts): readonly CaseCounts[] => Array.from({ length: n }, () => each);

describe("a case", () => {
  it.each([
    [5, 5, 5, "same", 1],
    [0, 0, 5, "same", 1],
    [5, 0, 5, "worse", 2 / 252],
    [0, 5, 5, "better", 2 / 252],
    [5, 4, 5, "flaky", 1],
    [3, 3, 5, "flaky", 1],
    [5, 1, 5, "worse", 0.047619],
    [5, 2, 5, "flaky", 0.166667],
    [1, 0, 1, "worse", 1],
    [3, 0, 3, "worse", 0.1],
  ] as const)("of %i and %i passes in %i runs is %s, by noise in %f", (baseline, candidate, runs, word, noise) => {
    const verdict = caseVerdict(counts(baseline, candidate, runs));
    expect(verdict.word).toBe(word);
    expect(verdict.noise).toBeCloseTo(noise, 5);
  });

  it("of which a model has no run is unknown", () => {
    expect(caseVerdict(counts(0, 3, 0, 3))).toEqual({ word: "unknown", noise: null });
  });

  it("may be told apart by noise, which is counted", () => {
    // 5 of 10 passes: 1 of 252 deals has all on one side, and 25 have one amiss: 5 to 0 and 4 to 1, either way round.
    const { better, worse } = expectedByNoise(many(100, counts(3, 2)));
    expect(better).toBeCloseTo(100 / 252, 6);
    expect(worse).toBeCloseTo(100 / 252, 6);
    expect(expectedByNoise(many(50, counts(5, 5)))).toEqual({ better: 0, worse: 0 });
  });
});

describe("the exchange of labels", () => {
  it("is McNemar's exact test where each case is run once", () => {
    const cases = [...many(9, counts(1, 0, 1)), ...many(1, counts(0, 1, 1)), ...many(40, counts(1, 1, 1))];
    const { worse, better, isExact } = exchangeTest(cases);
    expect(worse).toBeCloseTo(11 / 1024, 10);
    expect(better).toBeCloseTo(1023 / 1024, 10);
    expect(isExact).toBe(true);
  });

  it("is Fisher's where there is one case, one-sided", () => {
    expect(exchangeTest([counts(5, 0)]).worse).toBeCloseTo(1 / 252, 10);
  });

  it("draws deals where the runs of cases are uneven, and comes to the same", () => {
    const even = exchangeTest([...many(20, counts(4, 2)), ...many(20, counts(3, 4))]);
    const uneven = exchangeTest([...many(20, counts(4, 2)), ...many(20, counts(3, 4)), counts(2, 2, 4, 4)]);
    expect([even.isExact, uneven.isExact]).toEqual([true, false]);
    expect(Math.abs(uneven.worse - even.worse)).toBeLessThan(0.03);
    expect(exchangeTest([counts(5, 0), counts(0, 4, 4, 4)], 7)).toEqual(
      exchangeTest([counts(5, 0), counts(0, 4, 4, 4)], 7),
    );
  });

  it("says nothing of cases that say nothing", () => {
    expect(exchangeTest(many(100, counts(5, 5)))).toEqual({ worse: 1, better: 1, isExact: true });
  });
});

describe("a suite", () => {
  it("of equal cases is equivalent from so many on, and never before the least number", () => {
    expect(leastCases(0.02)).toBe(149);
    for (const runs of [1, 5, 100]) {
      expect(suiteVerdict(many(148, counts(runs, runs, runs)), 0.02).word).toBe("undecided");
      expect(suiteVerdict(many(5, counts(runs, runs, runs)), 0.02).word).toBe("undecided");
    }
    expect(suiteVerdict(many(180, counts(5, 5)), 0.02).word).toBe("equivalent");
    expect(suiteVerdict(many(60, counts(5, 5)), 0.05).word).toBe("undecided");
    expect(suiteVerdict(many(75, counts(5, 5)), 0.05).word).toBe("equivalent");
  });

  it("foresees how many cases a verdict takes", () => {
    const { casesNeeded } = suiteVerdict(many(40, counts(5, 5)), 0.02);
    expect(casesNeeded).toBeGreaterThanOrEqual(149);
    expect(casesNeeded).toBeLessThanOrEqual(240);
    expect(suiteVerdict([], 0.02)).toMatchObject({ word: "undecided", cases: 0, difference: null, casesNeeded: null });
    expect(suiteVerdict(many(10, counts(5, 5)), 0)).toMatchObject({ word: "undecided", casesNeeded: null });
  });

  it("is worse where three cases of fifty fail altogether, as no noise does that", () => {
    const cases = [...many(47, counts(5, 5)), ...many(3, counts(5, 0))];
    const { word, noise, difference } = suiteVerdict(cases, 0.02);
    expect(word).toBe("worse");
    expect(noise.worse).toBeCloseTo((1 / 252) ** 3, 10);
    expect(difference).toBeCloseTo(-0.06, 10);
    expect(suiteVerdict([...many(47, counts(5, 5)), ...many(3, counts(0, 5))], 0.02).word).toBe("better");
  });

  it("is equivalent where it is worse by less than the margin, both proven", () => {
    const cases = [...many(2000, counts(5, 5)), ...many(4, counts(5, 0))];
    const { word, noise } = suiteVerdict(cases, 0.02);
    expect([word, noise.worse < 0.025]).toEqual(["equivalent", true]);
  });

  it("leaves cases out of which a model has no run", () => {
    expect(suiteVerdict([counts(0, 5, 0, 5), counts(5, 5)], 0.02).cases).toBe(1);
  });
});

describe("the chance at the margin", () => {
  it("does not go by the order of the cases, nor by how they are written", () => {
    const values = [...Array<number>(300).fill(0), ...Array<number>(2).fill(1)];
    expect(chanceAtMargin(values, 0.05)).toBeLessThanOrEqual(0.05);
    const turned = chanceAtMargin(values.toReversed(), 0.05);
    expect(Math.abs(Math.log(turned / chanceAtMargin(values, 0.05)))).toBeLessThan(0.7);
  });

  it("is 1 where the mean is at the margin or above", () => {
    expect(chanceAtMargin([...Array<number>(98).fill(0), 1, 1], 0.02)).toBeGreaterThan(0.3);
    expect(chanceAtMargin(Array<number>(50).fill(0.5), 0.02)).toBe(1);
  });
});
