import { describe, expect, it } from "vitest";
import { createSentinelDetector } from "../../../../agent/monitors/sentinel/sentinel-detector.ts";
import type { ProbeCall } from "../../../../store/monitors/monitor-store.ts";
import { aMonitor } from "../../../detectors/monitors/monitor-world.ts";
import { recordingLog } from "../../../store/recording-log.ts";
import { type FakeMonitorStore, fakeMonitorStore, ORIGIN } from "../fake-monitor-store.ts";

const DAY = 86_400_000;

const call = (run: number): ProbeCall => ({
  ...{ end_ms: run + 1, duration_ms: 500, error_type: "", finish_reason: "stop" },
  ...{ refusal_class: "none", output_tokens: 1, cost_usd: null },
  run,
  probe: "a",
  prompt_version: "v-a",
  error: 0,
  answer: "yes",
  form: "text",
  output_chars: 3,
  response_model: "gpt-4o",
  system_fingerprint: "fp",
});

/** A sentinel over stored runs, one a day. */
const sentinelOf = (store: FakeMonitorStore, runs: number) => {
  const { log, messages } = recordingLog();
  const calls = Array.from({ length: runs }, (_, i) => call(ORIGIN + i * DAY));
  const probeCalls = async (_name: string, after: number) => calls.filter(({ run }) => run > after);
  const detector = createSentinelDetector(aMonitor({ slice: DAY, flat: true }), {
    store: { ...store, probeCalls },
    log,
  });
  return { messages, detector, catchUp: () => detector.catchUp(ORIGIN + runs * DAY, async () => undefined) };
};

describe("what a sentinel stores of what it knows", () => {
  it("carries a version, and is gone on from", async () => {
    const store = fakeMonitorStore();
    await sentinelOf(store, 3).catchUp();
    expect(JSON.parse(store.states.at(-1)?.state ?? "")).toMatchObject({ version: 1, run: ORIGIN + 2 * DAY });
    const next = sentinelOf(store, 4);
    await next.catchUp();
    expect(next.messages).toEqual([]);
    expect(next.detector.engine()?.state().at).toBe(ORIGIN + 4 * DAY);
  });

  it("is read where an earlier version wrote it without one", async () => {
    const store = fakeMonitorStore();
    await sentinelOf(store, 3).catchUp();
    const [{ at, state } = { at: 0, state: "" }] = store.states.splice(0);
    const { version: _, ...earlier } = JSON.parse(state) as { version: number };
    store.states.push({ at, state: JSON.stringify(earlier) });
    const next = sentinelOf(store, 3);
    await next.catchUp();
    expect(next.messages).toEqual([]);
    expect(next.detector.engine()?.state().at).toBe(ORIGIN + 3 * DAY);
  });

  it.each([
    ["a newer version wrote it", '{"version":2,"engine":null,"pasts":null,"run":0}', "newer version"],
    ["it cannot be read", "{", "cannot be read"],
    ["it is not whole", '{"engine":{}}', "cannot be read"],
  ])("is left alone where %s: the runs are compared anew, and the log says so", async (_why, state, said) => {
    const store = fakeMonitorStore();
    const other = { at: ORIGIN + 2 * DAY, state };
    store.states.push(other);
    const sentinel = sentinelOf(store, 3);
    await sentinel.catchUp();
    expect(sentinel.messages).toEqual([expect.stringContaining(said)]);
    expect(sentinel.detector.engine()?.state().at).toBe(ORIGIN + 3 * DAY);
    expect(store.states).toEqual([other]);
  });
});
