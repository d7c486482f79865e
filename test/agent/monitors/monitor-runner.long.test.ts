import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MonitorSettings, monitorSchema } from "../../../agent/config/monitor-schema.ts";
import { createMonitorRunner, type MonitorRunner } from "../../../agent/monitors/monitor-runner.ts";
import type { Notifier } from "../../../alerts/notifier.ts";
import type { Notice } from "../../../core/notice.ts";
import type { SpanRow } from "../../../core/span-row.ts";
import type { Store } from "../../../store/store.ts";
import { peopleChannel } from "../../alerts/people-channel.ts";
import { DAY, HOUR, MINUTE } from "../../detectors/monitors/monitor-world.ts";
import { aBatch, aSpan } from "../../store/a-span.ts";
import { recordingLog } from "../../store/recording-log.ts";
import { openTestStore, type TestStore } from "../../store/test-store.ts";
import { peopleNotifier } from "./people-notifier.ts";

/** A whole hour some hours ago: the past ends here. */
const ORIGIN = Math.floor(Date.now() / HOUR) * HOUR - 5 * HOUR;

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(async () => test.end());

/** One agent's part: its runner and what its people were told. */
interface MonitorAgent {
  readonly runner: MonitorRunner;
  readonly notifier: Notifier;
  readonly told: Notice[];
}

let worlds = 0;

const createWorld = () => {
  worlds += 1;
  const service = `shop-${worlds}`;
  const settings: MonitorSettings = monitorSchema.parse({
    name: service,
    match: { service },
    signals: ["error", "latency_ms.p95"],
    history: "5d",
    meanTimeBetweenFalseAlarms: "2y",
  });
  const { log } = recordingLog();
  let now = ORIGIN + settings.settle;

  const insert = async (count: number, from: number, ms: number, errors: number, more: Partial<SpanRow> = {}) => {
    const rows = Array.from({ length: count }, (_, i) => {
      const end_ms = from + Math.floor(((i + 0.5) / count) * ms);
      // Spread over the calls, so that every stretch has its share of errors.
      const error = Math.floor((i + 1) * errors) > Math.floor(i * errors) ? 1 : 0;
      const duration_ms = 400 + ((i * 7919) % 400);
      return aSpan({ service, migration: "", cohort: "", end_ms, error, duration_ms, ...more });
    });
    await test.store().insertSpans(aBatch(rows));
  };

  const agent = (store: Store = test.store()): MonitorAgent => {
    const told: Notice[] = [];
    const people = peopleChannel(told, ["page", "drift"]);
    const notifier = peopleNotifier(people, { store, now: () => now, log });
    const runner = createMonitorRunner(settings, {
      store: store.monitors,
      readLedger: (name) => store.readLedger(name),
      notifier,
      now: () => now,
      log,
      link: () => "http://127.0.0.1:4320/",
      ending: new AbortController().signal,
    });
    return { runner, notifier, told };
  };

  const round = async (...agents: readonly MonitorAgent[]): Promise<void> => {
    for (const { runner } of agents) await runner.round();
    for (const { notifier } of agents) await notifier.pump();
  };

  return {
    agent,
    round,
    /** Five days of 100 calls an hour, 3% of them errors. */
    past: () => insert(5 * 24 * 100, ORIGIN - 5 * DAY, 5 * DAY, 0.03),
    /** Minutes of 100 calls each, a round of every agent after four of them. */
    run: async (agents: readonly MonitorAgent[], minutes: number, errors: number, more: Partial<SpanRow> = {}) => {
      await insert(100 * minutes, now - settings.settle, minutes * MINUTE, errors, more);
      for (let left = minutes; left > 0; left -= 4) {
        now += Math.min(4, left) * MINUTE;
        await round(...agents);
      }
    },
    /** Hours of 100 calls each with no agent there; the first one, which is judged, and the last minutes are good. */
    sleep: async (hours: number, errors: number) => {
      const start = now - settings.settle;
      await insert(100, start, HOUR, 0.03);
      await insert((hours - 1) * 100, start + HOUR, (hours - 1) * HOUR, errors);
      await insert(100, start + hours * HOUR, 5 * MINUTE, 0.03);
      now += hours * HOUR + 5 * MINUTE;
    },
    storedState: () =>
      test
        .store()
        .query<{ state: string }>("SELECT state FROM monitor_states WHERE monitor = {service:String} ORDER BY at", {
          service,
        }),
  };
};

describe("a monitor on the real store", () => {
  it("tells of a drift once, with since when, also across a restart; then that it is over", async () => {
    const world = createWorld();
    await world.past();
    const first = world.agent();
    await world.round(first);
    await world.run([first], 20, 0.03);
    expect(first.runner.problem()).toBe("");
    expect(first.told).toEqual([]);
    expect(first.runner.readings()).toMatchObject([
      { signal: "error", direction: "increase", state: "watching" },
      { signal: "latency_ms.p95", state: "watching" },
    ]);

    const change = (first.runner.lastSlice() ?? 0) + MINUTE;
    await world.run([first], 12, 0.3);
    expect(first.told).toHaveLength(1);
    const [drift] = first.told;
    expect(drift).toMatchObject({
      type: "page",
      migration: "monitor:shop-1",
      link: "http://127.0.0.1:4320/#monitor%3Ashop-1",
    });
    expect(drift?.title).toMatch(/^shop-1: error up since .* UTC: 30%, 3% expected$/);
    const reading = first.runner.readings()[0];
    expect(reading?.state).toBe("drifted");
    expect(Math.abs((reading?.drift?.since ?? 0) - change)).toBeLessThanOrEqual(2 * MINUTE);

    // The process dies; another one takes over from what is stored.
    const second = world.agent();
    await world.round(second);
    expect(second.runner.readings()).toEqual(first.runner.readings());
    await world.run([second], 10, 0.3);
    expect(second.told).toEqual([]);

    await world.run([second], 30, 0.03);
    expect(second.told.map(({ title }) => title)).toEqual([
      expect.stringMatching(/^shop-1: error is back: \d(\.\d+)?%, 3% expected$/),
    ]);
    expect(second.told[0]?.incident).toBe(drift?.incident);
  });

  it("goes on from its stored state as if it had never ended", { tags: ["soak"] }, async () => {
    const world = createWorld();
    await world.past();
    const steady = world.agent();
    await world.round(steady);
    await world.run([steady], 58, 0.03);
    const late = world.agent();
    await world.round(late);
    expect(late.runner.readings()).toEqual(steady.runner.readings());
    await world.run([steady, late], 4, 0.03);
    expect(late.runner.readings()).toEqual(steady.runner.readings());
    const states = (await world.storedState()).map(({ state }) => state);
    // At the end of the past, and perhaps once more by both: it is one, because it is the same.
    expect(states.length).toBeGreaterThanOrEqual(1);
    expect(new Set(states).size).toBe(states.length);
  });

  it("two agents tell people once, and find the same", { tags: ["soak"] }, async () => {
    const world = createWorld();
    await world.past();
    const agents = [world.agent(), world.agent()];
    await world.round(...agents);
    await world.run(agents, 12, 0.3);
    expect(agents.flatMap(({ told }) => told)).toHaveLength(1);
    expect(agents[1]?.runner.readings()).toEqual(agents[0]?.runner.readings());
  });

  it("names the model that took over under the same name", { tags: ["soak"] }, async () => {
    const world = createWorld();
    await world.past();
    const agent = world.agent();
    await world.round(agent);
    await world.run([agent], 3, 0.03);
    await world.run([agent], 3, 0.03, { response_model: "gpt-4o-2024-11-20" });
    expect(agent.told.map(({ title }) => title)).toEqual([
      expect.stringContaining("another response model answers: gpt-4o-2024-11-20, gpt-4o-2024-08-06 before"),
    ]);
  });

  it("learns from the hours in which no agent was there, and judges what comes then", { tags: ["soak"] }, async () => {
    const world = createWorld();
    await world.past();
    const before = world.agent();
    await world.round(before);
    await world.run([before], 5, 0.03);
    await world.sleep(9, 0.3);
    const after = world.agent();
    await world.round(after);
    expect(after.runner.problem()).toBe("");
    expect(after.told).toEqual([]);
    expect(after.runner.readings()[0]).toMatchObject({ state: "watching", expected: expect.closeTo(0.03, 3) });
    await world.run([after], 8, 0.3);
    expect(after.told).toHaveLength(1);
  });

  it("says what is wrong while the store fails, loses no event, and goes on", async () => {
    const world = createWorld();
    await world.past();
    let fails = false;
    const real = test.store();
    const failing: Store = {
      ...real,
      readLedger: (name) => (fails ? Promise.reject(new Error("down")) : real.readLedger(name)),
    };
    const agent = world.agent(failing);
    await world.round(agent);
    fails = true;
    await world.run([agent], 12, 0.3);
    expect(agent.runner.problem()).toBe("not judged: down");
    expect(agent.told).toEqual([]);
    fails = false;
    await world.round(agent);
    expect(agent.runner.problem()).toBe("");
    expect(agent.told).toHaveLength(1);
  });
});
