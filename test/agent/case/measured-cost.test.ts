import { expect, it } from "vitest";
import { measuredCost } from "../../../agent/case/measured-cost.ts";
import type { FindPrice } from "../../../agent/prices/prices.ts";

const find: FindPrice = (model) => {
  const price = { old: { input: 2, output: 10, cached: 1 }, new: { input: 1, output: 5 } }[model];
  return price === undefined ? null : { price, name: model, because: [], table: "t" };
};
const arm = (model: string) => ({ model, provider: null, prompt: null });
const usage = { calls: 1000, counted: 900, inputTokens: 1000, cachedTokens: 400, writtenTokens: 0, outputTokens: 100 };
const parts = { find, days: 7, now: 0 };

it("prices the baseline's tokens by both models' lists", () => {
  const cost = measuredCost({ baseline: arm("old"), candidate: arm("new") }, usage, parts);
  expect(cost).toMatchObject({ calls: 900, days: 7 });
  if ("unknown" in cost) throw new Error(cost.unknown);
  expect([cost.baselineUsd, cost.candidateUsd]).toEqual([expect.closeTo(0.0026), expect.closeTo(0.0015)]);
});

it.each([
  ["a model without a price", "nobody", usage, /nobody has no price; a line of agent\.prices/],
  ["no traffic", "new", { ...usage, calls: 0, counted: 0 }, /0 of 0 calls of old in the last 7 days tell their tokens/],
  ["calls that tell no tokens", "new", { ...usage, counted: 99 }, /99 of 1000 calls/],
])("knows no cost of %s", (_what, candidate, of, why) => {
  const cost = measuredCost({ baseline: arm("old"), candidate: arm(candidate) }, of, parts);
  expect(cost).toEqual({ unknown: expect.stringMatching(why) });
});
