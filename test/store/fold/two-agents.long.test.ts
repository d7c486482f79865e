import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Tick } from "../../../core/sample.ts";
import { type Embedded, startEmbedded } from "../../../store/embedded/start-embedded.ts";
import { openStore } from "../../../store/open-store.ts";
import { SCHEMA_STEPS } from "../../../store/schema/steps.ts";
import type { FoldRequest, Store } from "../../../store/store.ts";
import { aBatch, aSpan, T0 } from "../a-span.ts";
import { anOutcome, anOutcomeBatch } from "../an-outcome.ts";
import { eventually } from "../eventually.ts";
import { recordingLog } from "../recording-log.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { embeddedSettings } from "../test-store.ts";

/* Two agents on one ClickHouse, which is the embedded engine addressed by URL, as a server is. */

let engine: Embedded;
let agents: readonly Store[];
let removeDirectory: () => Promise<void>;
const { log, messages } = recordingLog();

beforeAll(async () => {
  const { path, remove } = await temporaryDirectory();
  removeDirectory = remove;
  engine = await startEmbedded({ dir: path, port: 0, hosts: [], readable: ["leeway"] }, { log, now: Date.now });
  const settings = { ...embeddedSettings(path), url: engine.url, user: engine.user, password: engine.password };
  agents = await Promise.all([0, 1, 2].map(() => openStore(settings, { log, now: Date.now })));
});
afterAll(async () => {
  await Promise.all(agents.map((agent) => agent.close()));
  await engine.close();
  await removeDirectory();
});

const agent = (): Store => {
  const [first] = agents;
  if (first === undefined) throw new Error("no agent");
  return first;
};

const insert = (count: number, migration: string, end_ms: number): Promise<unknown> =>
  agent().insertSpans(aBatch(Array.from({ length: count }, () => aSpan({ migration, end_ms }))));

const request = (migration: string, step: number): FoldRequest => ({
  migration,
  from: T0 + (step - 1) * 5_000,
  to: T0 + step * 5_000,
  stage: 0,
  share: 0.05,
  segments: [],
});

const baselineCalls = (tick: Tick | undefined): number | undefined =>
  tick?.calls.find(({ cohort, segment }) => cohort === "baseline" && segment === "")?.calls;

describe("agents that share a database", () => {
  it("take the schema steps once, though all of them started at the same moment", async () => {
    const steps = await agent().query<{ id: number }>("SELECT id FROM schema_steps ORDER BY id");
    expect(steps.map(({ id }) => id)).toEqual(SCHEMA_STEPS.map(({ id }) => id));
  });

  it("get the same tick when they race for it, and count every call once while spans keep coming", async () => {
    const folded: (readonly Tick[])[] = [];
    for (let step = 1; step <= 8; step += 1) {
      await insert(5, "race", T0 + step * 5_000 - 2_000);
      const [ticks] = await Promise.all([
        Promise.all(agents.map((one) => one.foldTick(request("race", step)))),
        insert(3, "race", T0 + step * 5_000 - 1_000),
      ]);
      folded.push(ticks);
    }
    const last = await agent().foldTick(request("race", 9));
    for (const [first, ...others] of folded) for (const other of others) expect(other).toEqual(first);
    const counts = [...folded.map(([tick]) => baselineCalls(tick) ?? 0), baselineCalls(last) ?? 0];
    expect(counts.reduce((a, b) => a + b, 0)).toBe(8 * 8);
    const [stored] = await agent().query<{ calls: number }>(
      "SELECT sum(n) AS calls FROM samples WHERE migration = 'race' AND signal = 'calls'",
    );
    expect(stored?.calls).toBe(8 * 8);
  });

  it("tie every outcome to its call once, and agree on the ticks it counts in, whoever ties it", async () => {
    const calls = Array.from({ length: 24 }, () => aSpan({ migration: "told", cohort: "canary", end_ms: T0 }));
    await agent().insertSpans(aBatch(calls));
    const scored: number[] = [];
    for (let step = 1; step <= 6; step += 1) {
      const scores = calls
        .slice(step * 4 - 4, step * 4)
        .map(({ trace_id, span_id }) => anOutcome({ trace_id, span_id, received_ms: T0 + step * 5_000 - 2_000 }));
      await agent().insertOutcomes(anOutcomeBatch(scores.slice(0, 2)));
      const [ticks] = await Promise.all([
        Promise.all(agents.map((one) => one.foldTick(request("told", step)))),
        agent().insertOutcomes(anOutcomeBatch(scores.slice(2))),
      ]);
      for (const tick of ticks) expect(tick).toEqual(ticks[0]);
      scored.push(ticks[0]?.samples.find(({ signal }) => signal === "quality")?.n ?? 0);
    }
    const last = await agent().foldTick(request("told", 7));
    scored.push(last.samples.find(({ signal }) => signal === "quality")?.n ?? 0);
    expect(scored.reduce((a, b) => a + b, 0)).toBe(24);
  });

  it("lose and double nothing when the engine is killed with kill -9 while they fold and insert", async () => {
    await insert(3, "kill", T0 + 1_000);
    const first = await agent().foldTick(request("kill", 1));
    const batch = aBatch([
      aSpan({ migration: "kill", end_ms: T0 + 6_000 }),
      aSpan({ migration: "kill", end_ms: T0 + 6_000 }),
    ]);
    const outcomes = Promise.allSettled([agent().insertSpans(batch), agent().foldTick(request("kill", 2))]);
    process.kill(engine.pid(), "SIGKILL");
    for (const outcome of await outcomes)
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "store-unavailable" });
    await eventually(() => agent().ping());
    await agent().insertSpans(batch);
    const second = await agent().foldTick(request("kill", 2));
    const third = await agent().foldTick(request("kill", 3));
    expect(baselineCalls(first)).toBe(3);
    expect((baselineCalls(second) ?? 0) + (baselineCalls(third) ?? 0)).toBe(2);
    expect(await agent().foldTick(request("kill", 1))).toEqual(first);
    expect(messages).toContain("store: the embedded engine ended unexpectedly and is restarted");
  });
});
