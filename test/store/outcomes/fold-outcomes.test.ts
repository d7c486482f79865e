import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Arm } from "../../../core/cohort.ts";
import type { OutcomeRow } from "../../../core/outcome-row.ts";
import type { Sample, Tick } from "../../../core/sample.ts";
import type { SpanRow } from "../../../core/span-row.ts";
import type { FoldRequest } from "../../../store/store.ts";
import { aBatch, aSpan, T0 } from "../a-span.ts";
import { anOutcome, anOutcomeBatch } from "../an-outcome.ts";
import { freshMigration } from "../fresh-migration.ts";
import { openTestStore, type TestStore } from "../test-store.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.end());

const spans = (...rows: readonly SpanRow[]): Promise<unknown> => test.store().insertSpans(aBatch(rows));
const outcomes = (...rows: readonly OutcomeRow[]): Promise<unknown> =>
  test.store().insertOutcomes(anOutcomeBatch(rows));

/** The tick of five seconds that ends `ms` after T0. */
const fold = (
  migration: string,
  ms: number,
  segments: readonly string[] = [],
  evaluations: readonly string[] = [],
): Promise<Tick> => test.store().foldTick({ ...request(migration, ms, segments), evaluations });

const request = (migration: string, ms: number, segments: readonly string[]): FoldRequest => ({
  migration,
  from: T0 + ms - 5000,
  to: T0 + ms,
  stage: 1,
  share: 0.25,
  segments,
});

const sampleOf = (tick: Tick, signal: string, cohort: Arm = "baseline", segment = ""): Sample | undefined =>
  tick.samples.find((s) => s.signal === signal && s.cohort === cohort && s.segment === segment);

/** Points at the call. */
const of = ({ trace_id, span_id }: SpanRow): Pick<OutcomeRow, "trace_id" | "span_id"> => ({ trace_id, span_id });

describe("an outcome", () => {
  it("belongs to the arm and the segments of its call and counts in the tick in which it arrived", async () => {
    const migration = freshMigration();
    const canary = aSpan({ migration, cohort: "canary", end_ms: T0 - 3 * HOUR, segments: { language: "de" } });
    const baseline = aSpan({ migration, end_ms: T0 - 2 * HOUR, response_id: `resp-${migration}` });
    await spans(canary, baseline);
    await outcomes(
      anOutcome({ ...of(canary), value: 0.25 }),
      anOutcome({ response_id: baseline.response_id, value: 0.9 }),
    );
    const tick = await fold(migration, 5000, ["language"]);
    const quality = (cohort: Arm, segment = "") => sampleOf(tick, "quality", cohort, segment);
    expect(quality("canary")).toMatchObject({ n: 1, sum: 0.25, bins: { 25: 1 } });
    expect(quality("canary", "language=de")).toMatchObject({ n: 1, sum: 0.25 });
    expect(quality("baseline")).toMatchObject({ n: 1, sum: 0.9, bins: { 90: 1 } });
    expect(quality("baseline", "language=de")).toBeUndefined();
    const [row] = await test.store().query(`SELECT cohort, segments, trace_id FROM llm_outcomes
      WHERE migration = '${migration}' AND cohort = 'baseline'`);
    expect(row).toEqual({ cohort: "baseline", segments: {}, trace_id: baseline.trace_id });
  });

  it("counts once, however often it is stored and folded", async () => {
    const migration = freshMigration();
    const call = aSpan({ migration });
    const score = anOutcome(of(call));
    await spans(call);
    await outcomes(score);
    await outcomes({ ...score, received_ms: T0 + 1000 });
    const first = await fold(migration, 5000);
    expect(sampleOf(first, "quality")).toMatchObject({ n: 1 });
    await outcomes({ ...score, received_ms: T0 + 6000 });
    expect(sampleOf(await fold(migration, 10_000), "quality")).toBeUndefined();
  });

  it("is the first of its name for a call; a second opinion is not a second call", async () => {
    const migration = freshMigration();
    const call = aSpan({ migration });
    await spans(call);
    await outcomes(anOutcome({ ...of(call), value: 1 }), anOutcome({ ...of(call), value: 0, received_ms: T0 + 10 }));
    await outcomes(anOutcome({ ...of(call), name: "thumbs", value: 0, received_ms: T0 + 20 }));
    const tick = await fold(migration, 5000);
    expect(sampleOf(tick, "quality")).toMatchObject({ n: 1, sum: 1 });
    expect(sampleOf(tick, "thumbs_up")).toMatchObject({ n: 1, sum: 0 });
    // beyond what a tick looks back
    await outcomes(anOutcome({ ...of(call), value: 0, received_ms: T0 + 20 * MINUTE }));
    expect(sampleOf(await fold(migration, 20 * MINUTE + 5000), "quality")).toBeUndefined();
  });

  it("waits for its call, and counts when the call has arrived", async () => {
    const migration = freshMigration();
    const call = aSpan({ migration, cohort: "canary" });
    await outcomes(anOutcome(of(call)));
    expect(sampleOf(await fold(migration, 5000), "quality", "canary")).toBeUndefined();
    await spans({ ...call, received_ms: T0 + 60_000 });
    expect(sampleOf(await fold(migration, 65_000), "quality", "canary")).toMatchObject({ n: 1 });
    expect(sampleOf(await fold(migration, 70_000), "quality", "canary")).toBeUndefined();
  });

  it("that names the span around its call is tied to it when all calls in there have arrived", async () => {
    const migration = freshMigration();
    const parent_span_id = "00000000000000aa";
    const [alone, one, two] = [1, 2, 3].map(() =>
      aSpan({ migration, cohort: "canary", parent_span_id, end_ms: T0 - HOUR }),
    );
    if (!alone || !one || !two) throw new Error("three calls were made");
    const { trace_id } = one;
    await spans(alone, one, { ...two, trace_id });
    const around = (call: SpanRow) => anOutcome({ trace_id: call.trace_id, span_id: parent_span_id });
    await outcomes(around(alone), around(one));
    expect(sampleOf(await fold(migration, 5000), "quality", "canary")).toBeUndefined();
    expect(sampleOf(await fold(migration, 35_000), "quality", "canary")).toMatchObject({ n: 1 });
    expect(sampleOf(await fold(migration, 65_000), "quality", "canary")).toBeUndefined();
  });

  it("that came in too long ago is in no tick, as a call would be", async () => {
    const migration = freshMigration();
    const call = aSpan({ migration });
    await spans(call);
    await outcomes(anOutcome(of(call)));
    expect(sampleOf(await fold(migration, 12 * MINUTE), "quality")).toBeUndefined();
  });

  it("says nothing without a known value, or with one that is no share", async () => {
    const migration = freshMigration();
    const calls = [aSpan({ migration }), aSpan({ migration }), aSpan({ migration }), aSpan({ migration })] as const;
    await spans(...calls);
    await outcomes(
      anOutcome({ ...of(calls[0]), value: null, error_type: "timeout" }),
      anOutcome({ ...of(calls[1]), value: 4.5 }),
      anOutcome({ ...of(calls[2]), value: -0.1 }),
      anOutcome({ ...of(calls[3]), name: "helpfulness", value: 0.7 }),
    );
    const tick = await fold(migration, 5000);
    const told = ["quality", "task_completed", "thumbs_up", "support_tickets"];
    expect(tick.samples.filter(({ signal }) => told.includes(signal))).toEqual([]);
    expect(sampleOf(tick, "error")).toMatchObject({ n: 4 });
  });

  it("makes rates of yes and no", async () => {
    const migration = freshMigration();
    const calls = Array.from({ length: 4 }, () => aSpan({ migration }));
    await spans(...calls);
    await outcomes(
      ...calls.map((call, index) => anOutcome({ ...of(call), name: "task_completed", value: index === 0 ? 0 : 1 })),
      ...calls.slice(0, 2).map((call, index) => anOutcome({ ...of(call), name: "thumbs", value: index })),
    );
    const tick = await fold(migration, 5000);
    expect(sampleOf(tick, "task_completed")).toMatchObject({ n: 4, sum: 3, bins: {} });
    expect(sampleOf(tick, "thumbs_up")).toMatchObject({ n: 2, sum: 1, bins: {} });
  });

  it("of a call of no migration, or of none, changes nothing", async () => {
    const migration = freshMigration();
    const stranger = aSpan({ migration: "", cohort: "" });
    await spans(stranger);
    await outcomes(anOutcome(of(stranger)), anOutcome({ response_id: "never-seen" }), anOutcome());
    expect((await fold(migration, 5000)).samples).toEqual([]);
  });

  it("is told by its id, newest first, for those who filter duplicates", async () => {
    const first = anOutcome({ received_ms: T0 + HOUR });
    const second = anOutcome({ received_ms: T0 + HOUR + 1 });
    await outcomes(first, second);
    expect(await test.store().recentOutcomeKeys(T0 + HOUR - 1, 10)).toEqual([second.id, first.id]);
    expect(await test.store().recentOutcomeKeys(T0 + HOUR - 1, 1)).toEqual([second.id]);
  });

  it("adds up to every outcome exactly once when batches, calls and ticks interleave", async () => {
    const migration = freshMigration();
    let told = 0;
    let counted = 0;
    let sum = 0;
    for (let step = 1; step <= 12; step += 1) {
      const at = T0 + step * 20_000;
      const calls = Array.from({ length: step % 4 }, () => aSpan({ migration, end_ms: at - 9000, received_ms: at }));
      const scores = calls.map((call, index) =>
        anOutcome({ ...of(call), value: (index + 1) / 10, received_ms: at - ((step * 7) % 3) * 15_000 }),
      );
      if (step % 2 === 0) await outcomes(...scores);
      await spans(...calls);
      if (step % 2 === 1) await outcomes(...scores);
      told += scores.length;
      const sample = sampleOf(await fold(migration, step * 20_000 + 5000), "quality");
      counted += sample?.n ?? 0;
      sum += sample?.sum ?? 0;
    }
    expect(counted).toBe(told);
    expect(sum).toBeCloseTo((12 / 4) * (0.1 + 0.3 + 0.6), 9);
    const replayed: Tick[] = [];
    for await (const tick of test.store().readTicks(migration, T0)) replayed.push(tick);
    expect(replayed.reduce((total, tick) => total + (sampleOf(tick, "quality")?.n ?? 0), 0)).toBe(told);
  });
});

describe("an evaluation", () => {
  const told = (tick: Tick): readonly string[] => [
    ...new Set(tick.samples.flatMap(({ signal }) => (signal.startsWith("evaluation.") ? [signal] : []))),
  ];

  it("is a score of its arm and segments where it is asked for, and nothing where it is not", async () => {
    const migration = freshMigration();
    const calls = (["canary", "baseline"] as const).map((cohort) =>
      aSpan({ migration, cohort, segments: { language: "de" } }),
    );
    await spans(...calls);
    await outcomes(
      ...calls.flatMap((call, i) => [
        anOutcome({ ...of(call), name: "groundedness", value: 0.25 + i / 2 }),
        anOutcome({ ...of(call), name: "safe", value: 1, label: "pass" }),
        anOutcome({ ...of(call), name: "toxicity", value: 0.5 }),
      ]),
    );
    const tick = await fold(migration, 5000, ["language"], ["groundedness", "safe"]);
    expect(sampleOf(tick, "evaluation.groundedness", "canary")).toMatchObject({ n: 1, sum: 0.25, bins: { 25: 1 } });
    expect(sampleOf(tick, "evaluation.groundedness", "baseline", "language=de")).toMatchObject({ n: 1, sum: 0.75 });
    expect(sampleOf(tick, "evaluation.safe", "canary")).toMatchObject({ n: 1, sum: 1, bins: { 100: 1 } });
    expect(told(tick)).toEqual(["evaluation.groundedness", "evaluation.safe"]);
    expect(told(await fold(migration, 10_000, ["language"], ["groundedness", "safe", "toxicity"]))).toEqual([
      "evaluation.toxicity",
    ]);
  });

  it("is told from others by every character of its name", async () => {
    const migration = freshMigration();
    const names = ["safe", "Safe", "safe ", "it's", "a\\b", "größe", "__proto__", "a\nb", "x".repeat(256)];
    const calls = names.map(() => aSpan({ migration }));
    await spans(...calls);
    await outcomes(...calls.map((call, i) => anOutcome({ ...of(call), name: names[i] ?? "", value: (i + 1) / 100 })));
    const tick = await fold(migration, 5000, [], names);
    expect(
      tick.samples.flatMap(({ signal, sum }) => (signal.startsWith("evaluation.") ? [[signal, sum]] : [])).sort(),
    ).toEqual(names.map((name, i) => [`evaluation.${name}`, (i + 1) / 100]).sort());
  });

  it("counts once per call, the first that is a share, whatever is delivered twice or late", async () => {
    const migration = freshMigration();
    const asked = ["safe"];
    const foldAt = (ms: number) => fold(migration, ms, [], asked);
    const calls = Array.from({ length: 5 }, () => aSpan({ migration }));
    const [twice, wild, corrected, late, broken] = calls as [SpanRow, SpanRow, SpanRow, SpanRow, SpanRow];
    const score = (call: SpanRow, fields: Partial<OutcomeRow>) => anOutcome({ ...of(call), name: "safe", ...fields });
    await spans(...calls);
    const first = score(twice, { value: 1 });
    await outcomes(first, score(twice, { value: 0, received_ms: T0 + 5 }));
    await outcomes({ ...first, received_ms: T0 + 1000 });
    await outcomes(
      score(wild, { value: -0.01 }),
      score(wild, { value: 1.01 }),
      score(wild, { value: Number.NaN }),
      score(wild, { value: 1e300 }),
      score(corrected, { value: 80 }),
      score(corrected, { value: 0.5, received_ms: T0 + 10 }),
      score(broken, { value: null, error_type: "timeout" }),
    );
    expect(sampleOf(await foldAt(5000), "evaluation.safe")).toMatchObject({ n: 2, sum: 1.5, bins: { 50: 1, 100: 1 } });
    await outcomes({ ...first, received_ms: T0 + 6000 }, score(late, { value: 0.25, received_ms: T0 + 6000 }));
    expect(sampleOf(await foldAt(10_000), "evaluation.safe")).toMatchObject({ n: 1, sum: 0.25 });
    await outcomes(score(late, { value: 0.9, received_ms: T0 + 30 * MINUTE }));
    expect(told(await foldAt(30 * MINUTE + 5000))).toEqual([]);
  });

  it("is found among ten thousand others, of which no row gets into the tick", async () => {
    const migration = freshMigration();
    const calls = Array.from({ length: 500 }, () => aSpan({ migration }));
    await spans(...calls);
    const names = Array.from({ length: 10_000 }, (_, i) => (i % 20 === 0 ? "safe" : `name-${i}`));
    await outcomes(
      ...names.map((name, i) => {
        const call = calls[Math.floor(i / 20)];
        if (call === undefined) throw new Error("twenty of each call");
        return anOutcome({ ...of(call), name, value: 0.5 });
      }),
    );
    let counted = 0;
    for (let step = 1; step <= 4; step += 1) {
      const tick = await fold(migration, step * 5000, [], ["safe"]);
      counted += sampleOf(tick, "evaluation.safe")?.n ?? 0;
      expect(["", "evaluation.safe"]).toContain(told(tick).join());
    }
    expect(counted).toBe(500);
    const [stored] = await test
      .store()
      .query<{ signals: number }>(
        `SELECT uniqExact(signal) AS signals FROM samples WHERE migration = '${migration}' AND startsWith(signal, 'evaluation.')`,
      );
    expect(stored).toEqual({ signals: 1 });
  });

  it("may be one of very many that are asked for, all of the longest names", async () => {
    const migration = freshMigration();
    const call = aSpan({ migration });
    await spans(call);
    const names = Array.from({ length: 3000 }, (_, i) => `name-${i}-`.padEnd(100, "x"));
    const asked = [names[0], names[1500], names.at(-1)].map((name) => name ?? "");
    await outcomes(...asked.map((name) => anOutcome({ ...of(call), name, value: 0.5 })));
    expect([...told(await fold(migration, 5000, [], names))].sort()).toEqual(
      asked.map((name) => `evaluation.${name}`).sort(),
    );
  });

  it("is read back with the tick, and merged with others only where it is wanted", async () => {
    const migration = freshMigration();
    const call = aSpan({ migration });
    await spans(call);
    await outcomes(
      anOutcome({ ...of(call), name: "safe", value: 0.5 }),
      anOutcome({ ...of(call), name: "kind", value: 1 }),
    );
    const tick = await fold(migration, 5000, [], ["safe", "kind"]);
    const replayed: Tick[] = [];
    for await (const each of test.store().readTicks(migration, T0)) replayed.push(each);
    expect(replayed).toEqual([tick]);
    const reader = await test.openReader();
    for (const everyMs of [null, MINUTE]) {
      const wanted = {
        migration,
        origin: T0,
        until: T0 + HOUR,
        everyMs,
        signals: ["evaluation.safe", "error"] as const,
      };
      const merged: Tick[] = [];
      for await (const each of reader.mergedTicks(wanted)) merged.push(each);
      expect(merged.flatMap(({ samples }) => samples.map(({ signal, n }) => [signal, n])).sort()).toEqual([
        ["error", 1],
        ["evaluation.safe", 1],
      ]);
    }
    await reader.close();
  });
});

describe("support tickets", () => {
  const ticket = (call: SpanRow, at: number, fields: Partial<OutcomeRow> = {}): OutcomeRow =>
    anOutcome({ ...of(call), name: "support_ticket", value: 1, received_ms: at, ...fields });

  it("are unknown until the first one arrived, then each call is known an hour after it ended", async () => {
    const migration = freshMigration();
    const before = aSpan({ migration, end_ms: T0 - MINUTE });
    const calls = Array.from({ length: 3 }, () => aSpan({ migration, end_ms: T0 + MINUTE }));
    const canary = aSpan({ migration, cohort: "canary", end_ms: T0 + MINUTE });
    await spans(before, canary, ...calls);
    await outcomes(ticket(before, T0));
    await outcomes(...calls.slice(0, 1).map((call) => ticket(call, T0 + 5 * MINUTE)));
    expect(sampleOf(await fold(migration, 6 * MINUTE), "support_tickets")).toBeUndefined();
    expect(sampleOf(await fold(migration, HOUR), "support_tickets")).toBeUndefined();
    const tick = await fold(migration, HOUR + MINUTE + 5000);
    expect(sampleOf(tick, "support_tickets")).toMatchObject({ n: 3, sum: 1 });
    expect(sampleOf(tick, "support_tickets", "canary")).toMatchObject({ n: 1, sum: 0 });
    expect(sampleOf(await fold(migration, HOUR + MINUTE + 10_000), "support_tickets")).toBeUndefined();
  });

  it("count once per call, within the hour, and not when they say there was none", async () => {
    const migration = freshMigration();
    const [twice, late, none, first] = [1, 2, 3, 4].map(() => aSpan({ migration, end_ms: T0 + MINUTE }));
    if (!twice || !late || !none || !first) throw new Error("four calls were made");
    await spans(twice, late, none, first);
    await outcomes(ticket(first, T0, { value: 0 }));
    await outcomes(
      ticket(twice, T0 + 2 * MINUTE),
      ticket(twice, T0 + 3 * MINUTE, { name: "support_tickets" }),
      ticket(none, T0 + 2 * MINUTE, { value: 0 }),
    );
    await fold(migration, 5 * MINUTE);
    await outcomes(ticket(late, T0 + HOUR + MINUTE + 1));
    const tick = await fold(migration, HOUR + MINUTE + 5000);
    expect(sampleOf(tick, "support_tickets")).toMatchObject({ n: 4, sum: 1 });
  });
});
