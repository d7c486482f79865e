import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LEEWAY } from "../../../core/attributes.ts";
import type { Tick } from "../../../core/sample.ts";
import type { SpanRow } from "../../../core/span-row.ts";
import type { IntakeTotal } from "../../../store/insert-intake.ts";
import type { FoldRequest } from "../../../store/store.ts";
import { aBatch, aSpan, T0 } from "../a-span.ts";
import { openTestStore, type TestStore } from "../test-store.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.end());

const MINUTE = 60_000;
/** Moments on the grids on which counts are renewed: whole minutes, and every ten of them five past. */
const GRID = Math.ceil(T0 / 600_000) * 600_000 + 300_000;

let migrations = 0;
const fresh = (): string => `intake-${++migrations}`;

const insert = (rows: readonly SpanRow[]): Promise<unknown> => test.store().insertSpans(aBatch(rows));

const fold = (migration: string, to: number, fields: Partial<FoldRequest> = {}): Promise<Tick> =>
  test.store().foldTick({ migration, from: to - 2_000, to, stage: 0, share: 0.5, segments: [], ...fields });

const routed = (migration: string, to: number, stageSince = to - 40 * MINUTE): Promise<Tick> =>
  fold(migration, to, { routing: { flag: "model", stageSince } });

const stored = async (migration: string): Promise<readonly Tick[]> => {
  const ticks: Tick[] = [];
  for await (const tick of test.store().readTicks(migration, 0)) ticks.push(tick);
  return ticks;
};

describe("how calls came in", () => {
  it("counts those that took more than a minute, in the tick that first holds them, and who answered", async () => {
    const migration = fresh();
    const end_ms = GRID - 90_000;
    const answer = { migration, end_ms, response_model: "m-1", system_fingerprint: "fp" };
    await insert([
      aSpan({ ...answer, cohort: "canary", received_ms: end_ms + 500 }),
      aSpan({ ...answer, cohort: "canary", error: 1, response_model: "m-0", received_ms: end_ms + 500 }),
    ]);
    const first = await fold(migration, GRID);
    await insert([aSpan({ ...answer, cohort: "canary", response_model: "m-2", received_ms: end_ms + 95_000 })]);
    const second = await fold(migration, GRID + 2_000);
    expect(first.intake).toMatchObject({
      arrivals: { canary: { calls: 2, late: 0 } },
      served: { canary: { model: { "m-1": 1 }, fingerprint: { fp: 1 } } },
      carried: {
        canary: { '["openai","gpt-4o","m-0","",""]': 1, '["openai","gpt-4o","m-1","",""]': 1 },
      },
    });
    expect(second.intake).toEqual({
      arrivals: { canary: { calls: 1, late: 1 } },
      served: { canary: { model: { "m-2": 1 }, fingerprint: { fp: 1 } } },
      carried: { canary: { '["openai","gpt-4o","m-2","",""]': 1 } },
    });
    expect(
      second.samples.some(({ signal }) => !Object.hasOwn(second, signal) && String(signal).startsWith("served")),
    ).toBe(false);
    expect(await stored(migration)).toEqual([first, second]);
  });

  it("counts the commonest of many things that calls come from, in short", async () => {
    const migration = fresh();
    const call = {
      migration,
      end_ms: GRID - 5_000,
      cohort: "canary",
      prompt_name: 'a "b"',
      prompt_version: "2",
    } as const;
    await insert([
      ...Array.from({ length: 60 }, (_, i) => aSpan({ ...call, response_model: `m-${i}-${"x".repeat(5_000)}` })),
      ...Array.from({ length: 3 }, () => aSpan({ ...call, response_model: "m" })),
    ]);
    const carried = (await fold(migration, GRID)).intake?.carried?.canary ?? {};
    expect(Object.keys(carried)).toHaveLength(50);
    expect(carried['["openai","gpt-4o","m","a \\"b\\"","2"]']).toBe(3);
    expect(Math.max(...Object.keys(carried).map(({ length }) => length))).toBeLessThan(300);
  });

  it("is said of all calls together, not of each segment", async () => {
    const migration = fresh();
    await insert([aSpan({ migration, end_ms: GRID - 5_000, segments: { kind: "faq" } })]);
    const tick = await fold(migration, GRID, { segments: ["kind"] });
    expect(tick.calls).toHaveLength(3);
    expect(tick.intake?.arrivals).toEqual({ baseline: { calls: 1, late: 0 } });
  });
});

describe("calls of no arm", () => {
  const END = GRID - 90_000;
  const astray = (service: string, fields: Partial<SpanRow> = {}): SpanRow =>
    aSpan({
      migration: "",
      cohort: "",
      service,
      end_ms: END,
      request_model: "renamed",
      response_model: "",
      ...fields,
    });
  const unassigned = async (migration: string, match?: FoldRequest["match"]) => {
    const routing = { flag: "model", stageSince: GRID - 40 * MINUTE };
    return (await fold(migration, GRID, { routing, ...(match === undefined ? {} : { match }) })).intake?.unassigned;
  };

  it("are counted by what they come from, beside the migration's own, of the service and operation the document names", async () => {
    const [migration, service] = [fresh(), `shop-${GRID}`];
    await insert([
      astray(service),
      astray(service, { request_model: "other" }),
      astray(service, { operation: "embeddings" }),
      astray(service, { migration: "another", cohort: "canary" }),
      astray(service, { scope: LEEWAY.sentinelScope }),
      astray("elsewhere"),
      astray(service, { end_ms: GRID }),
      aSpan({ migration, service, end_ms: END }),
      aSpan({ migration, service, end_ms: END, cohort: "shadow" }),
    ]);
    expect(await unassigned(migration, { service, operation: null })).toEqual({
      calls: 2,
      own: 2,
      carried: { '["openai","other","","",""]': 1, '["openai","renamed","","",""]': 1 },
    });
  });

  it("are those of the migration's services where the document names none, and none without a word of the document", async () => {
    const [migration, service] = [fresh(), `none-${GRID}`];
    await insert([astray(service), astray(`${service}-other`), aSpan({ migration, service, end_ms: END })]);
    expect(await unassigned(migration, { service: null, operation: null })).toMatchObject({ calls: 1, own: 1 });
    expect(await unassigned(fresh())).toBeUndefined();
  });
});

describe("clocks", () => {
  it("that were wrong are told by how many calls were moved, per arm, and how far in all", async () => {
    const migration = fresh();
    const call = { migration, end_ms: GRID - 5_000 };
    await insert([
      aSpan({ ...call, cohort: "canary", clock_skew_ms: 600_000 }),
      aSpan({ ...call, cohort: "canary", clock_skew_ms: 601_000 }),
      aSpan({ ...call, cohort: "canary" }),
      aSpan({ ...call, cohort: "baseline" }),
    ]);
    const tick = await fold(migration, GRID);
    expect(tick.intake?.moved).toEqual({ canary: { calls: 2, skewMs: 1_201_000 } });
    expect(tick.intake?.arrivals).toMatchObject({ canary: { calls: 3 }, baseline: { calls: 1 } });
    expect(await stored(migration)).toEqual([tick]);
  });

  it("that were set are told by the tick, also by one without calls", async () => {
    const migration = fresh();
    const tick = await fold(migration, GRID, { clockStepMs: -600_000 });
    expect(tick.intake).toEqual({ clockStepMs: -600_000 });
    expect((await fold(migration, GRID + 2_000)).intake).toBeUndefined();
  });

  it("that were ahead leave ticks that are found by where they lie, and read up to a moment", async () => {
    const migration = fresh();
    await fold(migration, GRID);
    await fold(migration, GRID + 600_000);
    const ends = async (until?: number): Promise<readonly number[]> => {
      const read: number[] = [];
      for await (const { to } of test.store().readTicks(migration, GRID - 5, until)) read.push(to - GRID);
      return read;
    };
    expect(await test.store().tickBeyond(migration, GRID)).toBe(GRID + 600_000);
    expect(await test.store().tickBeyond(migration, GRID + 600_000)).toBeNull();
    expect([await ends(), await ends(GRID + 599_999), await ends(GRID + 600_000)]).toEqual([
      [0, 600_000],
      [0],
      [0, 600_000],
    ]);
  });
});

describe("who was given which arm", () => {
  const stageSince = GRID - 40 * MINUTE;
  const call = (migration: string, fields: Partial<SpanRow>, minutesAgo = 10): SpanRow => {
    const end_ms = GRID - minutesAgo * MINUTE;
    return aSpan({ migration, end_ms, start_ms: end_ms - 500, ...fields });
  };
  const assigned = async (migration: string, rows: readonly SpanRow[]) => {
    await insert(rows);
    return (await routed(migration, GRID, stageSince)).intake?.assigned;
  };

  it("counts a user once, by the first call, however many follow; then conversations; then calls", async () => {
    const migration = fresh();
    const user = { targeting_key_hash: "u-1", conversation_id: "any" };
    expect(
      await assigned(migration, [
        call(migration, { ...user, cohort: "canary" }, 12),
        ...Array.from({ length: 30 }, () => call(migration, { ...user, cohort: "baseline" }, 11)),
        call(migration, { conversation_id: "c-1", cohort: "canary" }),
        call(migration, { conversation_id: "c-1", cohort: "canary" }),
        call(migration, { cohort: "baseline" }),
        call(migration, { cohort: "baseline" }),
      ]),
    ).toEqual({ canary: 2, baseline: 2, identified: 2 });
  });

  it("leaves out the first ten minutes of a stage, and conversations that began before it", async () => {
    const migration = fresh();
    expect(
      await assigned(migration, [
        call(migration, { cohort: "baseline" }, 35),
        call(migration, { conversation_id: "old", cohort: "baseline" }, 100),
        call(migration, { conversation_id: "old", cohort: "baseline" }, 5),
        call(migration, { targeting_key_hash: "known", cohort: "baseline" }, 100),
        call(migration, { targeting_key_hash: "known", cohort: "canary" }, 5),
      ]),
    ).toEqual({ canary: 1, baseline: 0, identified: 1 });
  });

  it("counts only the calls that the flag was asked for, where any was", async () => {
    const migration = fresh();
    expect(
      await assigned(migration, [
        call(migration, { flag_key: "model", cohort: "canary" }),
        call(migration, { flag_key: "other", cohort: "baseline" }),
        call(migration, { cohort: "baseline" }),
      ]),
    ).toEqual({ canary: 1, baseline: 0, identified: 0 });
  });

  it("is renewed every ten minutes, and not while the stage is young", async () => {
    const migration = fresh();
    await insert([call(migration, { cohort: "canary" }, 1)]);
    expect((await routed(migration, GRID, GRID - 5 * MINUTE)).intake?.assigned).toBeUndefined();
    expect((await routed(migration, GRID + 2_000, stageSince)).intake?.assigned).toBeUndefined();
  });
});

describe("what the apps say of their own sending", () => {
  const say = (agent: string, at: number, totals: readonly (Partial<IntakeTotal> & Pick<IntakeTotal, "total">)[]) =>
    test.store().insertIntake({
      at,
      // The same run never says two things at one moment.
      agent: `${agent} ${totals[0]?.service ?? ""}`,
      totals: totals.map((each) => ({ kind: "dropped", service: "", subject: "pod-1", variant: "", ...each })),
    });

  const cases: readonly {
    readonly name: string;
    readonly said: (service: string) => Promise<void>;
    readonly lost: number;
  }[] = [
    { name: "nothing", said: async () => undefined, lost: 0 },
    {
      name: "more drops than before",
      said: async (service) => {
        await say("a", GRID - 30 * MINUTE, [{ service, total: 5 }]);
        await say("a", GRID - 90_000, [{ service, total: 12 }]);
      },
      lost: 7,
    },
    {
      name: "drops of before it was first heard of",
      said: (service) => say("a", GRID - 90_000, [{ service, total: 500 }]),
      lost: 0,
    },
    {
      name: "the same drops again, after the agent was started anew",
      said: async (service) => {
        await say("a", GRID - 30 * MINUTE, [{ service, total: 500 }]);
        await say("b", GRID - 90_000, [{ service, total: 503 }]);
      },
      lost: 3,
    },
    {
      name: "gaps",
      said: (service) => say("a", GRID - 90_000, [{ service, kind: "missing", total: 9 }]),
      lost: 9,
    },
    {
      name: "gaps that late calls have filled",
      said: async (service) => {
        await say("a", GRID - 30 * MINUTE, [{ service, kind: "missing", total: 9 }]);
        await say("a", GRID - 90_000, [{ service, kind: "missing", total: 2 }]);
      },
      lost: -7,
    },
    {
      name: "gaps of a process whose calls two agents share",
      said: async (service) => {
        await say("a", GRID - 90_000, [{ service, kind: "missing", total: 50 }]);
        await say("b", GRID - 90_000, [{ service, kind: "missing", total: 49 }]);
      },
      lost: 0,
    },
    {
      name: "what is said of the minute that is not over",
      said: async (service) => {
        await say("a", GRID - 30 * MINUTE, [{ service, total: 5 }]);
        await say("a", GRID - 30_000, [{ service, total: 12 }]);
      },
      lost: 0,
    },
  ];

  it.each(cases)("$name", async ({ said, lost }) => {
    const migration = fresh();
    const service = `service-of-${migration}`;
    await insert(
      [90_000, 80_000, 30_000].map((ago) =>
        aSpan({ migration, service, end_ms: GRID - ago, start_ms: GRID - ago - 500 }),
      ),
    );
    await said(service);
    expect((await routed(migration, GRID)).intake?.losses).toEqual([{ service, lost, calls: 2 }]);
    expect((await routed(migration, GRID + 2_000)).intake?.losses).toBeUndefined();
  });

  it("counts a call that came in too late to be in any tick as lost", async () => {
    const migration = fresh();
    const received_ms = GRID - 90_000;
    const ended = (ago: number): SpanRow =>
      aSpan({ migration, service: "slow", end_ms: received_ms - ago, start_ms: received_ms - ago - 9, received_ms });
    await insert([ended(1_000), ended(500_000), ended(661_000), ended(3_000_000)]);
    expect((await routed(migration, GRID)).intake?.losses).toMatchObject([{ service: "slow", lost: 2 }]);
  });

  it("counts the evaluations of the migration's flag by the arm they served", async () => {
    const migration = fresh();
    await insert([aSpan({ migration, end_ms: GRID - 90_000 })]);
    const flag = (total: number, variant: string, subject = "model"): Partial<IntakeTotal> & { total: number } => ({
      ...{ kind: "evaluated", service: "some-app", subject, variant, total },
    });
    await say("run-1", GRID - 10 * MINUTE, [flag(100, "canary"), flag(900, "baseline")]);
    await say("run-1", GRID - 90_000, [flag(120, "canary"), flag(1_200, "baseline"), flag(7, "canary", "other")]);
    await say("run-2", GRID - 90_000, [flag(3, "canary")]);
    const tick = await routed(migration, GRID);
    expect(tick.intake?.evaluations).toEqual({ canary: 23, baseline: 300 });
    expect(await stored(migration)).toEqual([tick]);
  });
});
