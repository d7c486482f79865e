import { describe, expect, it } from "vitest";
import type { CostCell } from "../../../core/cost-cell.ts";
import type { CostDifference, CostFactor } from "../../../core/cost-difference.ts";
import { costDifference } from "../../../detectors/cost/cost-difference.ts";
import { aCostCell, pricesOf } from "./a-cost-cell.ts";

const canary = (fields: Partial<CostCell> = {}): CostCell => aCostCell({ arm: "canary", ...fields });

const explained = (cells: readonly CostCell[]): Extract<CostDifference, { outcome: "explained" }> => {
  const difference = costDifference(cells, pricesOf);
  if (difference.outcome !== "explained") throw new Error(difference.why);
  return difference;
};

/** Parts in millionths of a dollar a call; those that are nothing are left out. */
const parts = (cells: readonly CostCell[]): Partial<Record<CostFactor, number>> =>
  Object.fromEntries(
    explained(cells).parts.flatMap(({ factor, usd }) => {
      const millionths = Math.round(usd * 1e10) / 1e4;
      return millionths === 0 ? [] : [[factor, millionths]];
    }),
  );

// By hand: the baseline pays 1,000 x $2/M + 200 x $10/M = $0.004 a call.
describe("a difference of one factor is all of that factor", () => {
  it.each<[CostFactor, Partial<CostCell>, number]>([
    // 1,000 x 3 + 200 x 15 = 6,000.
    ["price", { model: "new", costUsd: 0.6 }, 2000],
    // 250 tokens for the same 800 characters: 50 x 10.
    ["tokenizer", { outputTokens: 25_000, textTokens: 25_000, costUsd: 0.45 }, 500],
    // 1,000 characters at the same 0.25 tokens: 50 x 10.
    ["length", { outputTokens: 25_000, textTokens: 25_000, textChars: 100_000, costUsd: 0.45 }, 500],
    // 100 tokens of tool calls more, which have no characters: 100 x 10.
    ["length", { outputTokens: 30_000, costUsd: 0.5 }, 1000],
    // 300 prompt tokens more at $2/M.
    ["prompt", { inputTokens: 130_000, costUsd: 0.46 }, 600],
    // 100 tokens of reasoning.
    ["reasoning", { outputTokens: 30_000, reasoningTokens: 10_000, costUsd: 0.5 }, 1000],
    // Half of the prompt is read at half the price: 500 x 1 less.
    ["cache", { cachedTokens: 50_000, costUsd: 0.35 }, -500],
    // A tier that costs half as much: the list does not know it, the bill does.
    ["price", { costUsd: 0.2 }, -2000],
  ])("%s %o", (factor, fields, millionths) => {
    expect(parts([aCostCell(), canary(fields)])).toEqual({ [factor]: millionths });
  });

  it("mix: as many dear calls more as cheap ones less", () => {
    const dear = { segment: "tier=pro", costUsd: 0.8, inputTokens: 200_000, outputTokens: 40_000, textTokens: 40_000 };
    const half = { textChars: 160_000, ...dear };
    const fewer = (cell: CostCell, share: number): CostCell => ({
      ...cell,
      ...{ calls: cell.calls * share, priced: cell.priced * share, costUsd: cell.costUsd * share },
      ...{ inputTokens: cell.inputTokens * share, outputTokens: cell.outputTokens * share },
      ...{ textTokens: cell.textTokens * share, textChars: cell.textChars * share },
    });
    // $0.006 a call with half of them dear, $0.007 with three quarters.
    expect(parts([aCostCell(), aCostCell(half), fewer(canary(), 0.25), fewer(canary(half), 0.75)])).toEqual({
      mix: 1000,
    });
  });

  it("mix: a segment that only one arm has", () => {
    const other = { segment: "tier=pro", model: "new", costUsd: 0.6 };
    // Half of the canary's calls cost $0.006.
    expect(parts([aCostCell(), canary(), canary(other)])).toEqual({ mix: 1000 });
  });
});

it("two factors share what only both together make", () => {
  // Half more price and a quarter more characters: 1,000 x 3 + 250 x 15 = 6,750. Price alone makes 2,000 and, after the
  // length, 2,250; length alone 500 and, after the price, 750: the means of both orders.
  const cells = [
    aCostCell(),
    canary({ model: "new", outputTokens: 25_000, textTokens: 25_000, textChars: 100_000, costUsd: 0.675 }),
  ];
  expect(parts(cells)).toEqual({ price: 2125, length: 625 });
  const { costUsd, differenceUsd, relative, parts: all } = explained(cells);
  expect(costUsd.baseline).toBeCloseTo(0.004, 12);
  expect(costUsd.canary).toBeCloseTo(0.00675, 12);
  expect(differenceUsd).toBeCloseTo(0.00275, 12);
  expect(relative).toBeCloseTo(0.6875, 12);
  expect(all[0]).toMatchObject({ factor: "price", unit: "USD" });
  // What the baseline's calls would cost at the canary's prices.
  expect(all[0]?.figures.canary).toBeCloseTo(0.006, 12);
  expect(all[1]).toMatchObject({ factor: "length", figures: { baseline: 800, canary: 1000 }, unit: "characters" });
});

describe("several models in an arm", () => {
  it("are one arm's price, by the tokens each had", () => {
    const cells = [
      aCostCell(),
      canary({
        calls: 50,
        priced: 50,
        inputTokens: 50_000,
        outputTokens: 10_000,
        textTokens: 10_000,
        textChars: 40_000,
        costUsd: 0.2,
      }),
      canary({
        model: "new",
        calls: 50,
        priced: 50,
        inputTokens: 50_000,
        outputTokens: 10_000,
        textTokens: 10_000,
        textChars: 40_000,
        costUsd: 0.3,
      }),
    ];
    expect(parts(cells)).toEqual({ price: 1000 });
  });

  it("one without a list price is a part of its own", () => {
    const unlisted = canary({ model: "own", costUsd: 0.8 });
    // Half of the canary's calls cost $0.008 by what their provider says: 0.5 x (8,000 - 4,000).
    expect(parts([aCostCell(), canary(), unlisted])).toEqual({ unlisted: 2000 });
    expect(explained([aCostCell(), canary(), unlisted]).parts[0]?.figures).toEqual({ baseline: 0, canary: 0.5 });
  });

  it("that cost something although their list says nothing are taken for unlisted", () => {
    const free = canary({ inputTokens: 0, outputTokens: 0, textTokens: 0, textChars: 0, costUsd: 0.1 });
    expect(parts([aCostCell(), canary(), free])).toEqual({ unlisted: -1500 });
  });
});

describe("what is unknown", () => {
  it.each<[string, readonly CostCell[], object]>([
    ["no call at all", [], { why: "no-baseline-calls" }],
    ["one arm empty", [canary()], { why: "no-baseline-calls" }],
    ["the other arm empty", [aCostCell()], { why: "no-canary-calls" }],
    [
      "an arm without a cost",
      [aCostCell(), canary({ priced: 0, withoutPrice: 60, withoutUsage: 40, costUsd: 0 })],
      { why: "no-canary-costs" },
    ],
    [
      "the baseline without a cost",
      [aCostCell({ priced: 0, withoutPrice: 100 }), canary()],
      { why: "no-baseline-costs" },
    ],
    [
      "an arm whose models have no list price",
      [aCostCell(), canary({ model: "own" })],
      { why: "no-list-price", models: ["own"] },
    ],
  ])("%s", (_what, cells, expected) => {
    expect(costDifference(cells, pricesOf)).toMatchObject({ outcome: "unknown", ...expected });
  });

  it("is counted beside what is explained", () => {
    const cells = [aCostCell({ calls: 110, withoutUsage: 10 }), canary({ calls: 105, withoutPrice: 5 })];
    expect(explained(cells).counts).toEqual({
      baseline: { calls: 110, priced: 100, withoutUsage: 10, withoutPrice: 0 },
      canary: { calls: 105, priced: 100, withoutUsage: 0, withoutPrice: 5 },
    });
  });
});

it("says nothing relative of a baseline that costs nothing", () => {
  const free = { model: "free", costUsd: 0 };
  const nothing = { input: 0, cached: 0, written: 0, output: 0 };
  const prices = (cell: Pick<CostCell, "model">) => (cell.model === "free" ? nothing : pricesOf(cell));
  expect(costDifference([aCostCell(free), canary()], prices)).toMatchObject({ outcome: "explained", relative: null });
});
