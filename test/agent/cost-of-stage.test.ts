import { expect, it } from "vitest";
import { cellPrices, costOfStage, createExplainCost } from "../../agent/cost-of-stage.ts";
import { builtInPrices } from "../../agent/prices/prices.ts";
import { NOT_STARTED } from "../../lifecycle/state.ts";
import type { CostRequest } from "../../store/cost-cells.ts";
import { aCostCell } from "../detectors/cost/a-cost-cell.ts";
import { documentText, migrationOf } from "./config/documents.ts";

const DAY_MS = 86_400_000;
const migration = migrationOf(documentText());

const world = (answer: () => Promise<ReturnType<typeof aCostCell>[]>, state = { ...NOT_STARTED, stageSince: 5000 }) => {
  const asked: CostRequest[] = [];
  const costCells = (request: CostRequest) => {
    asked.push(request);
    return answer();
  };
  const explain = createExplainCost({ costCells }, builtInPrices.find);
  const at = (now: number) => costOfStage(migration, { state: () => state, explain, now: () => now });
  return { asked, at };
};

const CELLS = [
  aCostCell({ model: "gpt-4o", costUsd: 0.45 }),
  aCostCell({
    arm: "canary",
    model: "gpt-4o",
    costUsd: 0.9,
    inputTokens: 200_000,
    outputTokens: 40_000,
    textTokens: 40_000,
    textChars: 160_000,
  }),
];

it("explains the stage's calls so far, however many ask at once", async () => {
  const { asked, at } = world(async () => CELLS);
  const ask = at(9000);
  const [view, other] = await Promise.all([ask(), ask()]);
  expect(view).toBe(other);
  expect(asked).toEqual([expect.objectContaining({ migration: "m", from: 5000, to: 9000 })]);
  expect(view).toMatchObject({
    schema: "leeway.cost/1",
    migration: "m",
    problem: "",
    difference: { outcome: "explained" },
  });
  await ask();
  expect(asked).toHaveLength(2);
});

it("looks at two weeks at most, and of what was rolled back at what was before", async () => {
  const long = world(async () => CELLS);
  expect(await long.at(30 * DAY_MS)()).toMatchObject({ from: 16 * DAY_MS, to: 30 * DAY_MS });
  const rollback = { decidedAt: 7000 } as (typeof NOT_STARTED)["rollback"];
  const back = world(async () => CELLS, { ...NOT_STARTED, stageSince: 5000, rollback });
  expect(await back.at(9000)()).toMatchObject({ from: 5000, to: 7000 });
  // A clock that was set back behind the stage's begin.
  expect(await long.at(1000)()).toMatchObject({ from: 5000, to: 5000 });
});

it("says why nothing can be said", async () => {
  expect(await world(async () => []).at(9000)()).toMatchObject({
    difference: { outcome: "unknown", why: "no-baseline-calls" },
  });
  const down = world(() => Promise.reject(new Error("the store is down")));
  expect(await down.at(9000)()).toMatchObject({
    difference: null,
    problem: "the calls could not be read: the store is down; ask again",
  });
});

it("knows list prices by the model that answered, else by the one that was asked for", () => {
  const pricesOf = cellPrices(builtInPrices.find);
  const gpt4o = { input: 2.5e-6, cached: 1.25e-6, written: 2.5e-6, output: 1e-5 };
  expect(pricesOf({ model: "gpt-4o-2024-08-06", askedModel: "" })).toEqual(gpt4o);
  expect(pricesOf({ model: "", askedModel: "gpt-4o" })).toEqual(gpt4o);
  expect(pricesOf({ model: "", askedModel: "" })).toBeNull();
  expect(pricesOf({ model: "our-own", askedModel: "our-own" })).toBeNull();
});
