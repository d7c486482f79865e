import { describe, expect, it } from "vitest";
import { explain } from "../../../cli/commands/explain.ts";
import { renderCost } from "../../../cli/render/cost.ts";
import type { CostCell } from "../../../core/cost-cell.ts";
import { LeewayError } from "../../../core/errors.ts";
import { costDifference } from "../../../detectors/cost/cost-difference.ts";
import { NOT_STARTED } from "../../../lifecycle/state.ts";
import type { CostView } from "../../../status/cost-view.ts";
import { documentText, migrationOf } from "../../agent/config/documents.ts";
import { aCostCell, pricesOf } from "../../detectors/cost/a-cost-cell.ts";

const viewOf = (cells: readonly CostCell[]): CostView => ({
  ...{ schema: "leeway.cost/1", migration: "m", from: 0, to: 3_600_000, problem: "" },
  difference: costDifference(cells, pricesOf),
});

const dearer = aCostCell({
  ...{ arm: "canary", model: "new", outputTokens: 25_000, textTokens: 25_000, textChars: 100_000, costUsd: 0.675 },
  ...{ calls: 110, withoutUsage: 6, withoutPrice: 4 },
});

describe("a difference of cost for people", () => {
  it("is a sentence, a table of the parts that are something, and what is in no mean", () => {
    expect(renderCost(viewOf([aCostCell(), dearer])).join("\n")).toMatchInlineSnapshot(`
      "cost: a call costs $0.00675 on the canary, $0.004 on the baseline: +$0.00275 (+68.8%); calls that ended 1970-01-01 00:00 UTC to 1970-01-01 01:00 UTC
        part    a call      of baseline  canary  baseline  figures
        price   +$0.00212        +53.1%  $0.006  $0.004    the baseline's calls at this arm's prices
        length  +$0.000625       +15.6%  1,000   800       characters of the answer
        left out   10 of 110 canary calls (6 without usage, 4 without a price): in neither mean
        The parts sum to the difference (docs/statistics.md, Why a call costs more).
      "
    `);
  });

  it("that is not known says so", () => {
    expect(renderCost(viewOf([aCostCell()]))[0]).toBe(
      "cost: not explained: the canary has no call in this time; calls that ended 1970-01-01 00:00 UTC to 1970-01-01 01:00 UTC",
    );
    const own = viewOf([aCostCell(), aCostCell({ arm: "canary", model: "our-own" })]);
    expect(renderCost(own)[0]).toContain(
      "an arm's costs are known, but not the prices they are made of (our-own); name them in agent.prices (docs/prices.md);",
    );
    const unread = { ...viewOf([]), difference: null, problem: "the store is down; ask again" };
    expect(renderCost(unread)).toEqual(["cost: not known: the store is down; ask again", ""]);
  });

  it("of arms that are alike has no parts", () => {
    expect(renderCost(viewOf([aCostCell(), aCostCell({ arm: "canary" })]))).toEqual([
      "cost: a call costs $0.004 on the canary, $0.004 on the baseline: +$0 (+0%); calls that ended 1970-01-01 00:00 UTC to 1970-01-01 01:00 UTC",
      "",
    ]);
  });
});

describe("leeway explain", () => {
  const rule =
    "rules:\n  - { signal: cost_usd, limit: 20%, unit: relative, direction: increase, severity: pause }\n  - { signal: error, limit: 5%, unit: absolute, severity: rollback }";
  const migration = migrationOf(documentText({ rules: rule }));
  const explanation = {
    ...{ schema: "leeway.explain/1", migration, state: NOT_STARTED, judgement: null, decidedOn: null, ledger: [] },
    rules: migration.rules.map(({ id }) => ({ id, title: id, unit: "" })),
  };
  const ask = async (which: string | null, json: boolean, cost: () => Promise<unknown>) => {
    const printed: string[] = [];
    const client = {
      get: async <T>(path: string) => {
        if (path.endsWith("/handoffs")) throw new LeewayError("migration-unknown", "no such page; / shows the status");
        return (path.endsWith("/cost") ? await cost() : explanation) as T;
      },
      post: () => Promise.reject(new Error("nothing is written")),
    };
    await explain(client, { migration: "m", rule: which, json }, (text) => void printed.push(text));
    return printed.join("");
  };
  const view = async () => viewOf([aCostCell(), dearer]);

  it("shows it with the rules about cost, and with no others", async () => {
    const costId = migration.rules.find(({ signal }) => signal === "cost_usd")?.id ?? "";
    expect(await ask(null, false, view)).toContain("cost: a call costs $0.00675 on the canary");
    expect(await ask(costId, false, view)).toContain("cost: a call costs");
    expect(await ask("error", false, view)).not.toContain("cost:");
    expect(JSON.parse(await ask(null, true, view))).toMatchObject({ cost: { schema: "leeway.cost/1" } });
    expect(JSON.parse(await ask("error", true, view))).not.toHaveProperty("cost");
  });

  it("goes without where an older agent answers", async () => {
    const older = () => Promise.reject(new LeewayError("migration-unknown", "no such page; / shows the status"));
    expect(await ask(null, false, older)).not.toContain("cost:");
    const gone = () => Promise.reject(new LeewayError("agent-unreachable", "gone"));
    await expect(ask(null, false, gone)).rejects.toThrow("gone");
  });
});
