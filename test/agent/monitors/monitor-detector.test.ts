import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { monitorOf, monitorSchema } from "../../../agent/config/monitor-schema.ts";
import { decodeCheckpoint } from "../../../agent/monitors/checkpoint.ts";
import { createMonitorDetector, type MonitorDetector } from "../../../agent/monitors/monitor-detector.ts";
import { recordingLog } from "../../store/recording-log.ts";
import { type FakeMonitorStore, fakeMonitorStore, MONITOR, ORIGIN } from "./fake-monitor-store.ts";

const SETTLE_MS = 60_000;
const MINUTE_MS = 60_000;
const monitor = monitorOf(monitorSchema.parse(MONITOR));

const start = (store: FakeMonitorStore) => {
  const { log, messages } = recordingLog();
  const judge = createMonitorDetector(
    monitor,
    { settleMs: SETTLE_MS },
    { store, log, ending: new AbortController().signal },
  );
  const runUntil = async (at: number): Promise<MonitorDetector> => {
    await judge.catchUp(at + SETTLE_MS, async () => undefined);
    return judge;
  };
  return { runUntil, messages };
};

/** What a monitor knew at its origin, as the version that stored no number wrote it. */
const EARLIER = readFileSync(new URL("../../fixtures/earlier/v1/shop.monitor-state.json", import.meta.url), "utf8");

describe("the stored state of a monitor", () => {
  it("carries its version", async () => {
    const store = fakeMonitorStore();
    await start(store).runUntil(ORIGIN);
    expect(store.states.map(({ state }) => JSON.parse(state).version)).toEqual([1]);
  });

  it("is read where it carries none, and is what is learned today", async () => {
    const store = fakeMonitorStore();
    store.states.push({ at: ORIGIN, state: EARLIER });
    const { runUntil, messages } = start(store);
    const goesOn = await runUntil(ORIGIN + MINUTE_MS);
    expect(messages).toEqual([]);
    expect(store.slices.map(({ from }) => from)).toEqual([ORIGIN]);
    const anew = await start(fakeMonitorStore()).runUntil(ORIGIN + MINUTE_MS);
    expect(goesOn.engine()?.state()).toEqual(anew.engine()?.state());
  });

  it("is left alone where a newer version wrote it: the monitor learns anew from the slices, and says so", async () => {
    const store = fakeMonitorStore();
    await start(store).runUntil(ORIGIN);
    const newer = { at: ORIGIN + 1, state: JSON.stringify({ version: 2, origin: "elsewhere", engine: null }) };
    store.states.push(newer);
    const folded = store.slices.length;
    const { runUntil, messages } = start(store);
    const judge = await runUntil(ORIGIN);
    expect(messages).toEqual([expect.stringContaining("newer version")]);
    expect(store.slices.length).toBe(folded);
    expect(store.states).toContainEqual(newer);
    const anew = await start(fakeMonitorStore()).runUntil(ORIGIN);
    expect(judge.engine()?.state()).toEqual(anew.engine()?.state());
  });

  it.each(["", "{", "null", "[]", '"text"', '{"version":1}', '{"origin":1,"floor":1}'])(
    "is left alone where it cannot be read: %s",
    async (state) => {
      const store = fakeMonitorStore();
      await start(store).runUntil(ORIGIN);
      store.states.push({ at: ORIGIN + 1, state });
      const { runUntil, messages } = start(store);
      const judge = await runUntil(ORIGIN);
      expect(messages).toEqual([expect.stringContaining("cannot be read")]);
      const anew = await start(fakeMonitorStore()).runUntil(ORIGIN);
      expect(judge.engine()?.state()).toEqual(anew.engine()?.state());
    },
  );

  it("tells a newer version from its own without reading on", () => {
    expect(decodeCheckpoint('{"version":7}', ["engine"])).toEqual({ outcome: "newer", version: 7 });
  });
});
