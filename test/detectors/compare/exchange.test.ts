import { describe, expect, test } from "vitest";
import { seededRandom } from "../../../core/seeded-random.ts";
import { columnsOf } from "../../../detectors/compare/columns.ts";
import { designOf, MANY_BLOCKS } from "../../../detectors/compare/design.ts";
import { exchangeOf } from "../../../detectors/compare/exchange.ts";
import { judgeColumns } from "../../../detectors/compare/judge-columns.ts";
import type { Observation } from "../../../detectors/compare/observation.ts";
import { scoresOf } from "../../../detectors/compare/scores.ts";

type Fields = Partial<Observation>;

const answer = (arm: Observation["arm"], x: number, fields: Fields = {}): Observation => ({
  ...{ arm, stratum: "", pair: null, conversation: null, values: new Map([["x", x]]) },
  ...fields,
});

const designFor = (observations: readonly Observation[]) => designOf(observations, new Int32Array(observations.length));

const exchangeFor = (observations: readonly Observation[]) => {
  const columns = columnsOf([{ name: "x", family: "x", kind: "flag" }], observations);
  const zeros = new Int32Array(observations.length);
  const scores = scoresOf(columns, [observations.map((_, i) => i)], observations.length);
  return exchangeOf(designOf(observations, zeros), scores, zeros, 1, 1);
};

const arms = (n: number, m: number, x: (i: number, arm: string) => number): readonly Observation[] => [
  ...Array.from({ length: n }, (_, i) => answer("canary", x(i, "canary"))),
  ...Array.from({ length: m }, (_, i) => answer("baseline", x(i, "baseline"))),
];

describe("exchanges", () => {
  test.each([
    [12, 12],
    [10, 40],
    [40, 10],
  ])("have the mean, deviation and skewness that are computed: %d against %d", (n, m) => {
    const exchange = exchangeFor(arms(n, m, (i) => Number(i % 2 === 0)));
    const [random, sums] = [seededRandom(3), new Float64Array(1)];
    const draws = Array.from({ length: 20_000 }, () => {
      exchange.draw(random, sums);
      return sums[0] ?? Number.NaN;
    });
    const mean = draws.reduce((a, b) => a + b, 0) / draws.length;
    const moment = (k: number): number => draws.reduce((a, b) => a + (b - mean) ** k, 0) / draws.length;
    const deviation = exchange.deviation[1] ?? Number.NaN;
    expect(Math.abs(mean)).toBeLessThan(0.03 * deviation);
    expect(Math.sqrt(moment(2)) / deviation).toBeCloseTo(1, 1);
    expect(Math.abs(moment(3) / moment(2) ** 1.5 - (exchange.skewness[1] ?? 0))).toBeLessThan(0.1);
  });

  test("of twelve against twelve that are nearly apart are as rare as in Fisher's exact test", () => {
    const exchange = exchangeFor(arms(12, 12, (i, arm) => Number(i < (arm === "canary" ? 11 : 3))));
    const { judged } = judgeColumns(exchange, [{ slot: null, column: 0, logWeight: 0 }], 0.05, 1);
    // Two-sided: 2 (C(12, 11) C(12, 3) + C(12, 12) C(12, 2)) / C(24, 14) = 5412 / 1961256.
    expect(Math.abs((judged[0]?.p ?? 1) - 5412 / 1961256)).toBeLessThan(0.003);
  });

  test("put together where there are many keep their deviation", () => {
    const few = exchangeFor(arms(500, 500, (i) => Number(i % 5 === 0)));
    const many = exchangeFor(arms(5000, 5000, (i) => Number(i % 5 === 0)));
    expect((many.deviation[1] ?? 0) / (few.deviation[1] ?? 1)).toBeCloseTo(Math.sqrt(10), 0);
    expect(many.groups.flatMap(({ canary }) => canary).length).toBeLessThanOrEqual(600);
  });
});

describe("what is exchanged", () => {
  const asked = (prompts: number, k: number, m: number): readonly Observation[] =>
    Array.from({ length: prompts }, (_, prompt) => [
      ...Array.from({ length: k }, () => answer("canary", 1, { pair: `p${prompt}` })),
      ...Array.from({ length: m }, () => answer("baseline", 0, { pair: `p${prompt}` })),
    ]).flat();

  test("single answers where nothing ties them", () => {
    expect(designFor(arms(3, 4, () => 1)).groups).toMatchObject([{ canary: [[0], [1], [2]], weight: null }]);
  });

  test("both answers of each prompt", () => {
    const { groups, needsAgreement } = designFor(asked(3, 1, 1));
    expect([groups.length, groups[0]?.canary, groups[0]?.baseline, needsAgreement]).toEqual([3, [[0]], [[1]], false]);
  });

  test("whole sets of many prompts that were asked as often of both", () => {
    const { groups, needsAgreement } = designFor(asked(MANY_BLOCKS, 3, 3));
    expect([groups[0]?.canary, groups[0]?.weight, needsAgreement]).toEqual([[[0, 1, 2]], Math.sqrt(1.5), false]);
  });

  test.each([
    ["few prompts", MANY_BLOCKS - 1, 3, 3],
    ["sets of different sizes", MANY_BLOCKS, 1, 3],
  ])("answers inside %s, which then have to agree", (_name, prompts, k, m) => {
    const { groups, needsAgreement } = designFor(asked(prompts, k, m));
    expect([groups[0]?.canary.length, groups[0]?.weight, needsAgreement]).toEqual([k, null, true]);
  });

  test("conversations, and prompts of one conversation together", () => {
    const talk = (arm: Observation["arm"], conversation: string, pair: string | null = null) =>
      answer(arm, 1, { conversation, pair });
    const apart = [talk("canary", "a"), talk("canary", "a"), talk("baseline", "b"), talk("baseline", "b")];
    expect(designFor([...apart, talk("baseline", "c")]).groups).toMatchObject([
      { canary: [[0, 1]], baseline: [[2, 3], [4]] },
    ]);
    const replayed = [1, 2, 3].flatMap((k) =>
      (["canary", "baseline"] as const).flatMap((arm) => [talk(arm, `${k}`, `${k}a`), talk(arm, `${k}`, `${k}b`)]),
    );
    expect(designFor(replayed).blocks).toMatchObject([
      { canary: [0, 1], baseline: [2, 3] },
      { canary: [4, 5], baseline: [6, 7] },
      { canary: [8, 9], baseline: [10, 11] },
    ]);
  });

  test("conversations alone, where prompts come in all of them", () => {
    const crossed = Array.from({ length: 40 }, (_, i) =>
      ["p1", "p2"].map((pair) => answer(i % 2 ? "canary" : "baseline", 1, { conversation: `c${i}`, pair })),
    ).flat();
    const { groups, blocks } = designFor(crossed);
    expect([blocks.length, groups[0]?.canary.length, groups[0]?.baseline.length]).toEqual([0, 20, 20]);
  });
});
