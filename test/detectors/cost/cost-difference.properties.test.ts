import { describe, expect, it } from "vitest";
import type { CostCell } from "../../../core/cost-cell.ts";
import { seededRandom } from "../../../core/seeded-random.ts";
import { costDifference } from "../../../detectors/cost/cost-difference.ts";
import { PRICES, pricesOf } from "./a-cost-cell.ts";

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed + 1);

/** Cells as they could be, sums of nothing and of a lot among them. */
const someCells = (seed: number): readonly CostCell[] => {
  const random = seededRandom(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const maybe = (n: number): number => (below(3) === 0 ? 0 : below(n));
  const cell = (arm: "baseline" | "canary"): CostCell => {
    const [priced, outputTokens] = [1 + below(1000), maybe(1e6)];
    const textTokens = below(outputTokens + 1);
    const sums = {
      inputTokens: maybe(1e7),
      cachedTokens: maybe(1e6),
      writtenTokens: maybe(1e6),
      outputTokens,
      textTokens,
    };
    const [segment, model] = [
      ["", "tier=pro", "tier=free"][below(3)] ?? "",
      [...Object.keys(PRICES), "own"][below(3)] ?? "",
    ];
    return {
      ...{ arm, segment, model, askedModel: "", priced, calls: priced + below(9), withoutUsage: 0, withoutPrice: 0 },
      ...{
        ...sums,
        reasoningTokens: below(outputTokens - textTokens + 1),
        textChars: maybe(4e6),
        costUsd: random() * 10,
      },
    };
  };
  return Array.from({ length: 2 + below(9) }, (_, i) => cell(i % 2 === 0 ? "baseline" : "canary"));
};

const swapped = (cells: readonly CostCell[]): readonly CostCell[] =>
  cells.map((cell) => ({ ...cell, arm: cell.arm === "canary" ? "baseline" : "canary" }));

const partsOf = (cells: readonly CostCell[]): ReadonlyMap<string, number> | null => {
  const difference = costDifference(cells, pricesOf);
  return difference.outcome === "explained" ? new Map(difference.parts.map(({ factor, usd }) => [factor, usd])) : null;
};

describe("the parts of a difference of cost", () => {
  it("sum to the whole", () => {
    let explained = 0;
    for (const seed of SEEDS) {
      const difference = costDifference(someCells(seed), pricesOf);
      if (difference.outcome !== "explained") continue;
      explained++;
      const sum = difference.parts.reduce((total, { usd }) => total + usd, 0);
      expect(Math.abs(sum - difference.differenceUsd), `seed ${seed}`).toBeLessThan(1e-9);
    }
    expect(explained).toBeGreaterThan(100);
  });

  it("change their signs with the arms", () => {
    for (const seed of SEEDS) {
      const cells = someCells(seed);
      const [parts, others] = [partsOf(cells), partsOf(swapped(cells))];
      for (const [factor, usd] of parts ?? [])
        expect(others?.get(factor), `seed ${seed} ${factor}`).toBeCloseTo(-usd, 10);
      expect(parts === null, `seed ${seed}`).toBe(others === null);
    }
  });

  it("are nothing where the arms are alike, whatever the order of the cells", () => {
    for (const seed of SEEDS) {
      const cells = someCells(seed).filter(({ arm }) => arm === "baseline");
      const alike = [...swapped(cells), ...cells];
      for (const [factor, usd] of partsOf(alike) ?? []) expect(usd === 0, `seed ${seed} ${factor}`).toBe(true);
      const [forwards, backwards] = [partsOf(someCells(seed)), partsOf(someCells(seed).toReversed())];
      for (const [factor, usd] of forwards ?? []) expect(backwards?.get(factor)).toBeCloseTo(usd, 10);
    }
  });
});
