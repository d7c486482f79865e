import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Backtest, type BacktestRequest, backtest } from "../../../agent/backtest/backtest.ts";
import { shortHash } from "../../../core/migration.ts";
import type { Evidence } from "../../../core/verdict.ts";
import type { StoreReader } from "../../../store/open-reader.ts";
import { openTestStore, type TestStore } from "../../store/test-store.ts";
import { documentText, migrationOf } from "../config/documents.ts";
import { DRAINED, HEALTHY, ILL, type RunnerWorld, runnerWorld, TICK_MS } from "../runner-world.ts";

let database: TestStore;
let reader: StoreReader;
beforeAll(async () => {
  database = await openTestStore();
  reader = await database.openReader();
});
afterAll(async () => {
  await reader?.close();
  await database.end();
});

const replay = async (world: RunnerWorld, fields: Partial<BacktestRequest> = {}): Promise<Backtest> => {
  const { migration } = world;
  const request = { migration, from: null, to: null, everyMs: null, tickMs: TICK_MS, settleMs: 2_000, ...fields };
  const result = await backtest(reader, request, () => undefined);
  if ("problem" in result) throw new Error(result.problem);
  return result;
};

/** Evidence as a replay works it out: what only people read costs more than all the rest, and is left out. */
const withoutDetail = (evidence: Evidence | undefined): Partial<Evidence> => {
  if (evidence === undefined) throw new Error("no evidence");
  const { beyond: _beyond, onset: _onset, ...rest } = evidence;
  return { ...rest, interval: null };
};

/** A migration that was healthy, then failed, was rolled back, and was re-armed. */
const rolledBack = async (): Promise<RunnerWorld> => {
  const world = runnerWorld(database.store());
  const agent = world.agent();
  await world.run(agent, 2, HEALTHY);
  await world.run(agent, 3, ILL);
  await world.run(agent, 4, DRAINED);
  return world;
};

describe("a backtest", () => {
  it("decides what was decided, on the same tick and the same evidence", async () => {
    const world = await rolledBack();
    const result = await replay(world);
    const [real] = (await world.ledger()).filter(({ event }) => event.type === "decision");
    const judgement = real?.event.type === "decision" ? real.event.judgement : null;
    expect(result.decisions).toMatchObject([
      { decision: { kind: "rollback", rule: "error" }, recorded: { at: real?.at, by: "agent", kind: "rollback" } },
    ]);
    // A store that was slow lets the agent judge two ticks at once: then it decided later, never earlier.
    expect(result.decisions[0]?.at).toBeLessThanOrEqual(real?.at ?? 0);
    const upToThen = await replay(world, { to: judgement?.at ?? 0 });
    expect(upToThen.rules[0]?.last?.evidence).toEqual(withoutDetail(judgement?.verdicts[0]?.evidence));
    expect(result.recordedOnly).toEqual([]);
    expect(result.document.hash).toBe(result.document.startedWith);
  });

  it("knows the baseline of the hour before the start, as the agent does: a p99 is judged from the first call on", async () => {
    const p99 = "{ signal: latency_ms, quantile: 99, limit: 200ms, unit: absolute-increase, severity: rollback }";
    const world = runnerWorld(database.store(), { rules: `rules: [${p99}]` });
    // Before the start its calls belong to no migration; they are the baseline's by their model.
    const unassigned = { migration: "", cohort: "", service: world.service, request_model: "old" } as const;
    await world.calls({ baseline: 2500, baselineFields: unassigned }, 1_800_000);
    const agent = world.agent();
    await world.run(agent, 4, { ...HEALTHY, canaryFields: { duration_ms: 5_000 } });
    const result = await replay(world);
    const real = (await world.ledger()).find(({ event }) => event.type === "decision");
    const judgement = real?.event.type === "decision" ? real.event.judgement : null;
    // Without that hour it takes 2000 calls before the p99 is known: 25 ticks.
    expect(judgement?.verdicts[0]?.evidence.n.baseline).toBeLessThan(400);
    expect(result.decisions).toMatchObject([
      { decision: { kind: "rollback" }, recorded: { at: real?.at, kind: "rollback" } },
    ]);
    const upToThen = await replay(world, { to: judgement?.at ?? 0 });
    expect(upToThen.rules[0]?.last?.evidence).toEqual(withoutDetail(judgement?.verdicts[0]?.evidence));
  });

  it("judges by another document's rules, and says what was decided and would not have been", async () => {
    const world = await rolledBack();
    const rules = "rules: [{ signal: error, limit: 60%, unit: absolute, severity: rollback }]";
    const lax = { ...migrationOf(documentText({ rules })), name: world.migration.name };
    const result = await replay(world, { migration: lax });
    expect(result.decisions).toEqual([]);
    expect(result.recordedOnly).toMatchObject([{ kind: "rollback", rule: "error", by: "agent" }]);
    expect(result.notes).toEqual([
      expect.stringContaining(`judged by document ${shortHash(lax.hash, 12)}`),
      expect.stringContaining("it was rolled back at"),
    ]);
  });

  it("starts anew at a re-arming, as the agent does, and takes people's commands as they were", async () => {
    const world = await rolledBack();
    const agent = world.agent();
    await agent.runner.command({ command: "rearm", reason: "fixed", by: "ana" });
    await world.run(agent, 2, HEALTHY);
    await world.run(agent, 4, ILL);
    const result = await replay(world);
    expect(result.decisions.map(({ decision, recorded }) => [decision.kind, recorded?.kind])).toEqual([
      ["rollback", "rollback"],
      ["rollback", "rollback"],
    ]);
    expect(result.recordedOnly).toMatchObject([{ kind: "rearm", by: "ana", reason: "fixed" }]);
  });

  it("an advance that was made moves the stage, and is decided when its rules are clear", async () => {
    const world = runnerWorld(database.store());
    await world.run(world.agent(), 16, HEALTHY);
    const result = await replay(world);
    expect(result.decisions).toMatchObject([
      { decision: { kind: "advance", toStage: 1 }, stage: 0, recorded: { kind: "advance" } },
    ]);
    expect(result.rules[0]?.firstClear).toBeLessThanOrEqual(result.decisions[0]?.at ?? 0);
  });

  it("merged ticks come to the same decision at most one merged tick later", async () => {
    const world = await rolledBack();
    const [fine, coarse] = [await replay(world), await replay(world, { everyMs: 3 * TICK_MS })];
    expect(coarse.ticks).toBeLessThan(fine.ticks / 2);
    expect(coarse.calls).toEqual(fine.calls);
    expect(coarse.decisions).toMatchObject([{ decision: { kind: "rollback" } }]);
    const [a, b] = [fine.decisions[0]?.at ?? 0, coarse.decisions[0]?.at ?? 0];
    expect(b).toBeGreaterThanOrEqual(a);
    expect(b - a).toBeLessThan(3 * TICK_MS);
  });

  it("judges only the time it is asked for, as if the migration had begun then", async () => {
    const world = await rolledBack();
    const whole = await replay(world);
    const late = await replay(world, { from: (whole.decisions[0]?.at ?? 0) + TICK_MS });
    expect(late.ticks).toBeLessThan(whole.ticks);
    expect(late.rules[0]?.breach).toBeNull();
    const early = await replay(world, { to: (whole.decisions[0]?.at ?? 0) - 2 * TICK_MS });
    expect(early.decisions).toEqual([]);
  });

  it.each([
    ["a migration that never started", "no-such", "no-such: its ledger is empty"],
    ["a time without ticks", null, "no tick is stored in this time"],
  ])("has nothing to judge in %s, and says so", async (_name, name, problem) => {
    const world = await rolledBack();
    const migration = { ...world.migration, name: name ?? world.migration.name };
    const request = { migration, from: world.now() + 3_600_000, to: null, everyMs: null, tickMs: 5_000, settleMs: 0 };
    expect(await backtest(reader, request, () => undefined)).toMatchObject({
      problem: expect.stringContaining(problem),
    });
  });
});
