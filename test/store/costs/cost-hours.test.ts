import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CostDifference } from "../../../core/cost-difference.ts";
import { freshMigration } from "../fresh-migration.ts";
import { openTestStore, type TestStore } from "../test-store.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.end());

const HOUR = 3_600_000;
const AT = Date.UTC(2026, 10, 30, 7);
const counts = {
  baseline: { calls: 100, priced: 90, withoutUsage: 6, withoutPrice: 4 },
  canary: { calls: 12, priced: 10, withoutUsage: 2, withoutPrice: 0 },
};
const EXPLAINED: CostDifference = {
  ...{ outcome: "explained", counts, costUsd: { baseline: 0.001, canary: 0.002 }, differenceUsd: 0.001, relative: 1 },
  parts: [
    { factor: "price", usd: 0.0008, relative: 0.8, figures: { baseline: 0.001, canary: 0.0018 }, unit: "USD" },
    { factor: "mix", usd: 0.0002, relative: 0.2, figures: { baseline: null, canary: null }, unit: "" },
  ],
};
const UNKNOWN: CostDifference = { outcome: "unknown", counts, why: "no-list-price", models: ["x"] };

const rows = (migration: string) =>
  test.store().query<Record<string, unknown>>(
    `SELECT toFloat64(toUnixTimestamp(hour)) * 1000 AS at, factor, usd, canary_figure, baseline_usd,
       toFloat64(baseline_calls) AS baseline_calls, toFloat64(canary_left_out) AS canary_left_out, why
     FROM cost_hours WHERE migration = {migration:String} ORDER BY hour, factor`,
    { migration },
  );

describe("hours of costs in the store", () => {
  it("are a row for each factor, or one with the reason, and the newest is known", async () => {
    const migration = freshMigration();
    const store = test.store();
    expect(await store.newestCostHour(migration)).toBeNull();
    await store.insertCostHour({ migration, hour: AT, difference: EXPLAINED });
    await store.insertCostHour({ migration, hour: AT + HOUR, difference: UNKNOWN });
    expect(await rows(migration)).toEqual([
      { at: AT, factor: "mix", usd: 0.0002, canary_figure: null, ...SHARED, why: "" },
      { at: AT, factor: "price", usd: 0.0008, canary_figure: 0.0018, ...SHARED, why: "" },
      { at: AT + HOUR, factor: "", usd: 0, canary_figure: null, ...SHARED, baseline_usd: null, why: "no-list-price" },
    ]);
    expect(await store.newestCostHour(migration)).toBe(AT + HOUR);
    expect(await store.newestCostHour(freshMigration())).toBeNull();
  });

  it("are there once, whatever a second agent makes of the same hour", async () => {
    const migration = freshMigration();
    const store = test.store();
    await store.insertCostHour({ migration, hour: AT, difference: EXPLAINED });
    await store.insertCostHour({ migration, hour: AT, difference: UNKNOWN });
    expect((await rows(migration)).map(({ factor }) => factor)).toEqual(["mix", "price"]);
  });
});

const SHARED = { baseline_usd: 0.001, baseline_calls: 90, canary_left_out: 2 };
