import { describe, expect, test } from "vitest";
import { createConversationPool } from "../../bench/detection/whole/conversation-pool.ts";
import { rampMigration } from "../../bench/detection/whole/ramp-migration.ts";
import { type RampOutcome, type RampSettings, simulateRamp } from "../../bench/detection/whole/simulate-ramp.ts";

// Whole migrations: twelve rules in six segments, conversations, nights and weekends, slow and failing hours for both
// arms, late spans, traffic steps decided by decide() itself. `npm run bench:detection -- --only=ramps` runs 500 of 14 days.
const pool = createConversationPool();
const migration = rampMigration();
const DAYS = 24 * 60;

const simulate = (seed: number, settings: Partial<RampSettings> = {}): RampOutcome =>
  simulateRamp({ pool, migration, seed, horizonMinutes: 5 * DAYS, tickMinutes: () => 20, ...settings });

describe("a candidate that is no worse than the baseline", () => {
  const outcomes = [1, 3, 4].map((seed) => simulate(seed));

  test("is neither rolled back nor paused in five days", () => {
    expect(outcomes.map(({ rollback }) => rollback)).toEqual([null, null, null]);
    expect(outcomes.flatMap(({ pauses }) => pauses)).toEqual([]);
  });

  test("has left the first stage in most runs", () => {
    expect(outcomes.filter(({ advances }) => advances.length > 0).length).toBeGreaterThanOrEqual(2);
  });

  test("fares the same every time the same seed is used", () => {
    const [{ engineMs: _, ...first }, { engineMs: __, ...again }] = [1, 1].map((seed) =>
      simulate(seed, { horizonMinutes: DAYS }),
    ) as [RampOutcome, RampOutcome];
    expect(again).toEqual(first);
  });
});

test("a candidate whose calls fail in one of eleven cases is rolled back within the day, for that reason", () => {
  for (const seed of [1, 2, 3]) {
    const { rollback } = simulate(seed, { canaryFailures: 0.09, horizonMinutes: DAYS });
    expect(rollback).toMatchObject({ rule: "error" });
  }
});
