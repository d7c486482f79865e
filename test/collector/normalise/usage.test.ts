import { expect, test } from "vitest";
import { createCostDifferences } from "../../../collector/cost-differences.ts";
import { chatSpan, type Plain } from "../otlp-request.ts";
import { normalise, rowOf } from "./normalise.ts";
import { USAGE_SIBLINGS } from "./usage-siblings.ts";

test.each(USAGE_SIBLINGS)("counts in one sense what $sender", ({ scope, attributes, counts }) => {
  const row = rowOf(chatSpan(1, attributes), scope === undefined ? {} : { scope });
  const { input_tokens, output_tokens, cached_tokens, cache_write_tokens, reasoning_tokens } = row;
  expect([input_tokens, output_tokens, cached_tokens, cache_write_tokens, reasoning_tokens]).toEqual(counts);
});

const COSTS: readonly (readonly [string, Readonly<Record<string, Plain>>, number | null])[] = [
  ["OpenLIT, and Leeway of a provider that says it", { "gen_ai.usage.cost": 0.012 }, 0.012],
  ["OpenLLMetry and LiteLLM", { "gen_ai.cost.total_cost": "0.012" }, 0.012],
  [
    "Langfuse",
    { "langfuse.observation.type": "generation", "langfuse.observation.cost_details": '{"total":0.012}' },
    0.012,
  ],
  [
    "Langfuse without a total",
    { "langfuse.observation.type": "generation", "langfuse.observation.cost_details": '{"input":0.5,"output":0.25}' },
    0.75,
  ],
  ["OpenInference", { "openinference.span.kind": "LLM", "llm.cost.total": 0.012 }, 0.012],
  ["a sender without a price", { "gen_ai.usage.cost": 0 }, null],
  ["a broken cost", { "gen_ai.usage.cost": -1 }, null],
  ["nothing", {}, null],
];

test.each(COSTS)("where the price is unknown, the cost is what is said by %s", (_sender, attributes, costUsd) => {
  expect(normalise(chatSpan(1, attributes))).toMatchObject({ row: { cost_usd: costUsd }, statedUsd: costUsd });
});

test("costs that differ by more than 5% from what their sender says are noted by model", () => {
  const costs = createCostDifferences(2);
  costs.note("a", 1.04, 1);
  costs.note("a", 1, null);
  costs.note("a", null, 1);
  expect(costs.list()).toEqual([]);
  costs.note("a", 1.25, 1);
  costs.note("a", 0.5, 1);
  costs.note("b", 2, 1);
  costs.note("c", 2, 1);
  costs.note("d", 2, 1);
  expect(costs.list()).toEqual([
    { model: "a", calls: 2, pricedUsd: 1.75, statedUsd: 2 },
    { model: "b", calls: 1, pricedUsd: 2, statedUsd: 1 },
    { model: "other", calls: 2, pricedUsd: 4, statedUsd: 2 },
  ]);
});
