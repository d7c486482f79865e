import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LEEWAY } from "../../../core/attributes.ts";
import type { Tick } from "../../../core/sample.ts";
import type { SpanRow } from "../../../core/span-row.ts";
import type { Database } from "../../../store/database.ts";
import { foldPast } from "../../../store/fold/fold-past.ts";
import { aBatch, aSpan, T0 } from "../a-span.ts";
import { openTestStore, type TestStore } from "../test-store.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.end());

const TEN_MINUTES = 600_000;
const BASELINE = { model: "old", provider: null, prompt: null } as const;
let migrations = 0;

/** A migration of a service of its own, that has not begun. */
const fresh = (fields: { readonly provider?: string; readonly prompt?: string; readonly operation?: string } = {}) => {
  migrations += 1;
  const prompt = fields.prompt === undefined ? null : { name: fields.prompt, version: "1" };
  return {
    name: `next-${migrations}`,
    match: { service: `api-${migrations}`, operation: fields.operation ?? null },
    baseline: { ...BASELINE, provider: fields.provider ?? null, prompt },
    segments: ["input_type"],
  };
};
type Next = ReturnType<typeof fresh>;

/** A call of the baseline's, of no migration, that took so many ms and ended a minute before T0. */
const call = (next: Next, duration_ms: number, fields: Partial<SpanRow> = {}): SpanRow =>
  aSpan({
    ...{ migration: "", cohort: "", service: next.match.service, request_model: "old", duration_ms },
    ...{ end_ms: T0 - 60_000, ...fields },
  });

const insert = (rows: readonly SpanRow[]): Promise<unknown> => test.store().insertSpans(aBatch(rows));
const fold = (migration: Next): Promise<Tick> => test.store().foldPast({ migration, from: T0 - TEN_MINUTES, to: T0 });
const latencies = ({ samples }: Tick, segment = ""): readonly (readonly [string, number, number])[] =>
  samples
    .filter(({ signal, segment: of }) => signal === "latency_ms" && of === segment)
    .map(({ cohort, n, sum }) => [cohort, n, sum]);

describe("the time before a migration", () => {
  it("is what the baseline's model answered then, whichever migration it belonged to", async () => {
    const next = fresh();
    await insert([
      call(next, 100),
      call(next, 200, { migration: "the-one-before", cohort: "canary" }),
      call(next, 4_000, { request_model: "another" }),
      call(next, 4_000, { service: "elsewhere" }),
      call(next, 4_000, { end_ms: T0 }),
      call(next, 4_000, { end_ms: T0 - TEN_MINUTES - 1 }),
      // A sentinel's probes are no traffic.
      call(next, 4_000, { scope: LEEWAY.sentinelScope }),
      // Its own calls are in its own ticks.
      call(next, 4_000, { migration: next.name, cohort: "baseline" }),
    ]);
    const tick = await fold(next);
    expect(latencies(tick)).toEqual([["baseline", 2, 300]]);
    expect(tick.calls).toEqual([{ cohort: "baseline", segment: "", calls: 2 }]);
  });

  it.each<[string, Parameters<typeof fresh>[0], Partial<SpanRow>, number]>([
    ["the provider, where the document names one", { provider: "openai" }, { provider: "azure" }, 0],
    ["the operation, where the document names one", { operation: "chat" }, { operation: "embeddings" }, 0],
    ["the prompt, where both name one", { prompt: "p" }, { prompt_name: "p", prompt_version: "2" }, 0],
    ["not the prompt of calls that tell of none", { prompt: "p" }, { prompt_name: "", prompt_version: "" }, 1],
    ["the very prompt", { prompt: "p" }, { prompt_name: "p", prompt_version: "1" }, 1],
  ])("goes by %s", async (_what, document, fields, calls) => {
    const next = fresh(document);
    await insert([call(next, 100, fields)]);
    expect((await fold(next)).calls[0]?.calls).toBe(calls);
  });

  it("is told by segment too, and each call once", async () => {
    const next = fresh();
    const one = call(next, 100, { segments: { input_type: "faq" } });
    await insert([one, one, call(next, 300)]);
    const tick = await fold(next);
    expect(latencies(tick)).toEqual([["baseline", 2, 400]]);
    expect(latencies(tick, "input_type=faq")).toEqual([["baseline", 1, 100]]);
  });

  it("is the same for everybody who asks, also when calls come in later, and also when it was empty", async () => {
    const next = fresh();
    const first = await fold(next);
    expect(first.calls).toEqual([{ cohort: "baseline", segment: "", calls: 0 }]);
    await insert([call(next, 100)]);
    expect(await fold(next)).toEqual(first);
  });

  it("is apart from the migration's own ticks: its first calls are in the tick they ended in", async () => {
    const next = fresh();
    await insert([...Array.from({ length: 20 }, () => call(next, 100, { end_ms: T0 - 500 }))]);
    await fold(next);
    await insert([call(next, 200, { migration: next.name, cohort: "baseline", end_ms: T0 + 100 })]);
    const { name, segments } = next;
    const own = { migration: name, from: T0, to: T0 + 5_000, stage: 0, share: 0.1, segments };
    expect(latencies(await test.store().foldTick(own))).toEqual([["baseline", 1, 200]]);
    const stored: number[] = [];
    for await (const { to } of test.store().readTicks(name, 0)) stored.push(to);
    expect(stored).toEqual([T0 + 5_000]);
  });

  it.each([
    [200, 1],
    [201, 2],
    [1000, 5],
  ])("of %d calls, where 200 are read at most, is every %d.", async (calls, every) => {
    const asked: unknown[] = [];
    const database = {
      query: async (sql: string, params: { readonly every?: number } = {}) => {
        if (sql.startsWith("SELECT count()")) return [{ calls }];
        if (sql.includes("ARRAY JOIN")) asked.push(params.every);
        return [];
      },
      insert: async () => undefined,
    } as unknown as Database;
    const request = { migration: fresh(), from: T0 - TEN_MINUTES, to: T0 };
    // Nothing comes back of what was written: this database is none.
    await expect(foldPast(database, request, 200)).rejects.toThrow("cannot be read back");
    expect(asked).toEqual([every]);
  });

  it("tells what else the service called, and what comes from another migration is not among it", async () => {
    const next = fresh();
    await insert([
      call(next, 100, { request_model: "old", response_model: "" }),
      ...[1, 2].map(() => call(next, 100, { request_model: "classifier", response_model: "" })),
      call(next, 100, { migration: "the-one-before", cohort: "canary", request_model: "another" }),
    ]);
    expect((await fold(next)).intake?.unassigned).toEqual({
      calls: 3,
      own: 0,
      carried: { '["openai","classifier","","",""]': 2, '["openai","old","","",""]': 1 },
    });
  });
});
