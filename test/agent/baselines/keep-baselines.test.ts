import { describe, expect, it } from "vitest";
import { baselineJobs, createKeepBaselines, type KeepBaselinesParts } from "../../../agent/baselines/keep-baselines.ts";
import { NOT_STARTED } from "../../../lifecycle/state.ts";
import type { BaselineDraw } from "../../../store/baselines/draw-baselines.ts";
import { aMigration } from "../../fixtures/a-migration.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;
const T0 = Date.UTC(2026, 10, 30);
const SETTINGS = { share: 0.01, perSegment: 200, keep: 180 * 24 * HOUR };

const world = ({ hash = "h", isKnown = true }: { hash?: string | null; isKnown?: boolean } = {}) => {
  const clock = { now: T0 };
  const draws: BaselineDraw[] = [];
  const store = { newest: null as number | null, fails: "" };
  const parts: KeepBaselinesParts = {
    store: {
      drawBaselines: async (draw) => {
        if (store.fails !== "") throw new Error(store.fails);
        draws.push(draw);
      },
      newestBaselineHour: async () => store.newest,
    },
    runners: () => [
      {
        migration: aMigration({ name: "m", segments: ["input_type", "tier"] }),
        history: { isKnown: () => isKnown, state: () => ({ ...NOT_STARTED, hash, since: T0 + 15 * MINUTE }) },
      } as ReturnType<KeepBaselinesParts["runners"]>[number],
    ],
    now: () => clock.now,
  };
  const keeper = createKeepBaselines(SETTINGS, parts);
  const look = async (at: number, by = keeper): Promise<void> => {
    clock.now = at;
    await by.look();
  };
  return {
    draws,
    store,
    look,
    again: () => createKeepBaselines(SETTINGS, parts),
    hours: () => draws.map(({ from }) => (from - T0) / HOUR),
  };
};

describe("examples of the baseline", () => {
  it("are drawn from each hour once it is over with what comes in late, spread over the first segment", async () => {
    const { draws, look, hours } = world();
    await look(T0 + HOUR + 11 * MINUTE);
    expect(hours()).toEqual([]);
    for (const minutes of [12, 17, 22]) await look(T0 + HOUR + minutes * MINUTE);
    await look(T0 + 2 * HOUR + 12 * MINUTE);
    expect(hours()).toEqual([0, 1]);
    expect(draws[0]).toMatchObject({
      ...{ migration: "m", from: T0, to: T0 + HOUR, segment: "input_type" },
      share: 0.01,
    });
  });

  it("go on after a restart where the store says that they are, and make up for no more than a day", async () => {
    const { store, look, again, hours } = world();
    store.newest = T0 + 3 * HOUR;
    await look(T0 + 6 * HOUR + 12 * MINUTE);
    expect(hours()).toEqual([4, 5]);
    const late = world();
    await late.look(T0 + 100 * HOUR);
    await late.look(T0 + 100 * HOUR + MINUTE);
    expect(late.hours().slice(0, 4)).toEqual([76, 77, 78, 79]);
    expect(again).toBeDefined();
  });

  it("that failed are drawn by the next look, and the failure is told by its migration", async () => {
    const { store, look, hours } = world();
    store.fails = "disk full";
    await expect(look(T0 + HOUR + 12 * MINUTE)).rejects.toThrow("m: disk full");
    store.fails = "";
    await look(T0 + HOUR + 13 * MINUTE);
    expect(hours()).toEqual([0]);
  });

  it.each([{ hash: null }, { isKnown: false }])(
    "are drawn of no migration that has not begun, or of which nothing is known: %o",
    async (state) => {
      const { look, hours } = world(state);
      await look(T0 + 5 * HOUR);
      expect(hours()).toEqual([]);
    },
  );

  it("have no job where nobody asked for them", () => {
    expect(baselineJobs(null, {} as KeepBaselinesParts)).toEqual([]);
    expect(baselineJobs(SETTINGS, {} as KeepBaselinesParts)).toHaveLength(1);
  });
});
