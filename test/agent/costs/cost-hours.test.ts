import { describe, expect, it } from "vitest";
import { type CostHoursParts, createCostHours } from "../../../agent/costs/cost-hours.ts";
import type { CostHour } from "../../../core/cost-hour.ts";
import { type MigrationState, NOT_STARTED } from "../../../lifecycle/state.ts";
import { aMigration } from "../../fixtures/a-migration.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** A quarter past midnight. */
const T0 = Date.UTC(2026, 10, 30);
const LIFE: MigrationState = { ...NOT_STARTED, hash: "h", since: T0 + 15 * MINUTE };
const rollbackAt = (decidedAt: number) => ({ ...LIFE, rollback: { decidedAt } as MigrationState["rollback"] });

const world = (state: MigrationState = LIFE, isKnown = true) => {
  const clock = { now: T0 };
  const stored: CostHour[] = [];
  const asked: (readonly [from: number, to: number])[] = [];
  const life = { state, fails: "" };
  const parts: CostHoursParts = {
    store: {
      insertCostHour: async (hour) => {
        if (!stored.some((each) => each.hour === hour.hour)) stored.push(hour);
      },
      newestCostHour: async () => stored.reduce<number | null>((a, { hour }) => Math.max(a ?? 0, hour), null),
    },
    explain: async (_migration, { from, to }) => {
      if (life.fails !== "") throw new Error(life.fails);
      asked.push([from, to]);
      const none = { calls: 0, priced: 0, withoutUsage: 0, withoutPrice: 0 };
      return { outcome: "unknown", why: "no-canary-calls", models: [], counts: { baseline: none, canary: none } };
    },
    runners: () => [
      {
        migration: aMigration({ name: "m" }),
        history: { isKnown: () => isKnown, state: () => life.state },
      } as ReturnType<CostHoursParts["runners"]>[number],
    ],
    now: () => clock.now,
  };
  const agent = () => createCostHours(parts);
  const look = async (at: number, hours = agent()): Promise<void> => {
    clock.now = at;
    await hours.look();
  };
  return { agent, look, stored, asked, life, hours: () => stored.map(({ hour }) => (hour - T0) / HOUR) };
};

describe("costs by the hour", () => {
  it("are written when an hour and what comes in late are over, from the start on, each once", async () => {
    const { agent, look, hours, asked } = world();
    const one = agent();
    await look(T0 + HOUR + 11 * MINUTE, one);
    expect(hours()).toEqual([]);
    for (const minutes of [12, 17, 22]) await look(T0 + HOUR + minutes * MINUTE, one);
    await look(T0 + 2 * HOUR + 12 * MINUTE, one);
    expect(hours()).toEqual([0, 1]);
    expect(asked).toEqual([
      [LIFE.since, T0 + HOUR],
      [T0 + HOUR, T0 + 2 * HOUR],
    ]);
  });

  it("are made up for by an agent that was down, a few at a look and a day at most", async () => {
    const { agent, look, hours } = world();
    const one = agent();
    for (let i = 0; i < 20; i += 1) await look(T0 + 100 * HOUR + (12 + i) * MINUTE, one);
    expect(hours()).toEqual(Array.from({ length: 24 }, (_, i) => 76 + i));
  });

  it("are not written twice by two agents, nor after a restart", async () => {
    const { agent, look, hours, asked } = world();
    for (const each of [agent(), agent(), agent()]) await look(T0 + 2 * HOUR + 12 * MINUTE, each);
    expect(hours()).toEqual([0, 1]);
    expect(asked).toHaveLength(2);
  });

  it("end with the hour of a rollback, and begin anew with the next life", async () => {
    const { agent, look, hours, life } = world(rollbackAt(T0 + 90 * MINUTE));
    const one = agent();
    for (let i = 0; i < 3; i += 1) await look(T0 + 10 * HOUR, one);
    expect(hours()).toEqual([0, 1]);
    life.state = { ...LIFE, since: T0 + 12 * HOUR };
    await look(T0 + 14 * HOUR, one);
    expect(hours()).toEqual([0, 1, 12]);
  });

  it.each([
    ["has not begun", NOT_STARTED, true],
    ["is not known", LIFE, false],
  ])("are none of a migration that %s", async (_what, state, isKnown) => {
    const { look, hours } = world(state, isKnown);
    await look(T0 + 10 * HOUR);
    expect(hours()).toEqual([]);
  });

  it("say what failed, and are written by the next look", async () => {
    const { agent, look, hours, life } = world();
    const one = agent();
    life.fails = "the store is down";
    await expect(look(T0 + 2 * HOUR, one)).rejects.toThrow("m: the store is down");
    life.fails = "";
    await look(T0 + 2 * HOUR, one);
    expect(hours()).toEqual([0]);
  });
});
