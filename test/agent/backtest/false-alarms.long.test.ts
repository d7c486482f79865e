import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FalseAlarms, falseAlarms } from "../../../agent/backtest/false-alarms.ts";
import { readInjection } from "../../../agent/backtest/injection.ts";
import type { FalseAlarmRequest } from "../../../agent/backtest/prepare-halves.ts";
import type { Sample, Tick } from "../../../core/sample.ts";
import { seededRandom } from "../../../core/seeded-random.ts";
import type { StoreReader } from "../../../store/open-reader.ts";
import { aRule } from "../../fixtures/a-migration.ts";
import { aBatch, aSpan } from "../../store/a-span.ts";
import { openTestStore, type TestStore } from "../../store/test-store.ts";
import { documentText, migrationOf } from "../config/documents.ts";

const MINUTE = 60_000;
const MINUTES = 240;
const START = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 86_400_000;
const CALLS_PER_CONVERSATION = 4;

let database: TestStore;
let reader: StoreReader;

/** Four hours of a baseline, fifty calls a minute, 2% errors, in conversations of four. */
const insertBaseline = async (): Promise<void> => {
  const random = seededRandom(5);
  const rows = Array.from({ length: MINUTES * 50 }, (_, i) => {
    const end_ms = START + Math.floor((i * MINUTE) / 50);
    const duration_ms = 300 * Math.exp(random() + random() - 1);
    const input_type = i % 8 < 4 ? "faq" : "billing";
    const conversation_id = `c${Math.floor(i / CALLS_PER_CONVERSATION)}`;
    const error = random() < 0.02 ? 1 : 0;
    return aSpan({ end_ms, duration_ms, conversation_id, error, segments: { input_type }, cost_usd: 0.001 });
  });
  await database.store().insertSpans(aBatch(rows));
};

beforeAll(async () => {
  database = await openTestStore();
  await insertBaseline();
  reader = await database.openReader();
});
afterAll(async () => {
  await reader?.close();
  await database.end();
});

const RULES = [
  aRule(),
  aRule({
    id: "latency",
    signal: "latency_ms",
    unit: "relative",
    limit: 0.2,
    reference: "baseline",
    severity: "pause",
  }),
  aRule({ id: "quality", signal: "quality", unit: "points", direction: "drop", reference: "baseline" }),
];

const measure = async (
  inject: readonly string[] = [],
  fields: Partial<FalseAlarmRequest> = {},
): Promise<FalseAlarms | { readonly problem: string }> => {
  const injections = inject.map((text) => {
    const read = readInjection(text);
    if ("problem" in read) throw new Error(read.problem);
    return read.injection;
  });
  const migration = { ...migrationOf(documentText()), rules: RULES };
  const base = { migration, from: null, to: null, runs: 3, seed: 1, share: 0.2, everyMs: MINUTE };
  return falseAlarms(reader, { ...base, injections, injectAfterMs: 0, ...fields }, () => undefined);
};

const measured = async (...args: Parameters<typeof measure>): Promise<FalseAlarms> => {
  const result = await measure(...args);
  if ("problem" in result) throw new Error(result.problem);
  return result;
};

const dealt = async (seed: string, injected: Parameters<StoreReader["halves"]>[0]["injected"] = []) => {
  const request = {
    ...{ migration: "m", from: START, to: START + MINUTES * MINUTE, everyMs: MINUTE, share: 0.2, seed },
    ...{ segments: ["input_type"], signals: ["error", "latency_ms"] as const, injected, designEffects: [] },
  };
  const ticks: Tick[] = [];
  for await (const tick of reader.halves(request, MINUTES * 50)) ticks.push(tick);
  return ticks;
};

const total = (ticks: readonly Tick[], which: Partial<Sample>, key: "n" | "sum"): number =>
  ticks
    .flatMap(({ samples }) => samples)
    .filter((sample) => Object.entries(which).every(([name, value]) => sample[name as keyof Sample] === value))
    .reduce((sum, sample) => sum + sample[key], 0);

describe("random halves of a baseline", () => {
  it("hold every call once, in about the share asked for, the same way for the same seed", async () => {
    const ticks = await dealt("a");
    const [canary, baseline] = (["canary", "baseline"] as const).map((cohort) =>
      total(ticks, { signal: "error", segment: "", cohort }, "n"),
    ) as [number, number];
    expect(canary + baseline).toBe(MINUTES * 50);
    expect(canary / (MINUTES * 50)).toBeGreaterThan(0.17);
    expect(canary / (MINUTES * 50)).toBeLessThan(0.23);
    expect(await dealt("a")).toEqual(ticks);
    expect(await dealt("b")).not.toEqual(ticks);
  });

  it("keep a conversation together, and segments add up to all calls", async () => {
    const ticks = await dealt("a");
    // Fifty calls a minute in conversations of four: every other minute cuts one conversation in two.
    const perTwoMinutes = ticks.map((tick) => total([tick], { signal: "error", segment: "", cohort: "canary" }, "n"));
    const pairs = Array.from(
      { length: MINUTES / 2 },
      (_, i) => (perTwoMinutes[2 * i] ?? 0) + (perTwoMinutes[2 * i + 1] ?? 0),
    );
    expect(pairs.every((calls) => calls % CALLS_PER_CONVERSATION === 0)).toBe(true);
    for (const key of ["n", "sum"] as const) {
      const inSegments = ["input_type=faq", "input_type=billing"].map((segment) =>
        total(ticks, { signal: "error", segment }, key),
      );
      expect(inSegments.reduce((a, b) => a + b, 0)).toBe(total(ticks, { signal: "error", segment: "" }, key));
    }
  });

  it("leave the baseline as it is when something is put into the canary, and the calls before that", async () => {
    const since = START + 120 * MINUTE;
    const gain = { signal: "error", alteration: { kind: "gain", share: 0.5 }, since } as const;
    const [plain, altered] = [await dealt("a"), await dealt("a", [gain])];
    const arm = (ticks: readonly Tick[], cohort: "canary" | "baseline", late: boolean): number =>
      total(
        ticks.filter(({ from }) => from >= since === late),
        { signal: "error", segment: "", cohort },
        "sum",
      );
    expect(arm(altered, "baseline", true)).toBe(arm(plain, "baseline", true));
    expect(arm(altered, "canary", false)).toBe(arm(plain, "canary", false));
    expect(arm(altered, "canary", true)).toBeGreaterThan(20 * arm(plain, "canary", true));
  });
});

describe("false alarms of these rules on this baseline", () => {
  it("are counted per severity and rule, with their interval; a rule without data says nothing", async () => {
    const result = await measured();
    expect(result).toMatchObject({
      schema: "leeway.backtest-aa/1",
      seed: 1,
      calls: MINUTES * 50,
      alarms: { rollback: { count: 0, runs: 3, promised: 0.01, interval: { lower: 0 } }, pause: { count: 0 } },
      detection: null,
      notes: [expect.stringContaining("quality")],
    });
    expect(result.rules.map(({ rule, calls }) => [rule, calls > 0])).toEqual([
      ["error", true],
      ["latency", true],
      ["quality", false],
    ]);
  });

  it("are none of what is put in: that is found, by its rule, and timed", async () => {
    const result = await measured(["error=+20pt", "latency_ms=x2"], { injectAfterMs: 60 * MINUTE });
    expect(result.alarms.rollback.count).toBe(0);
    expect(result.detection).toMatchObject({
      injected: ["error=+20pt", "latency_ms=x2"],
      since: START + 60 * MINUTE,
      rules: [
        { rule: "error", found: 3 },
        { rule: "latency", found: 3 },
        { rule: "quality", found: 0, median: null },
      ],
    });
    const { median, p95 } = result.detection?.any ?? { median: null, p95: null };
    expect(median?.ms).toBeGreaterThan(0);
    expect(median?.ms).toBeLessThanOrEqual(20 * MINUTE);
    expect(median?.calls).toBeGreaterThanOrEqual(3);
    expect(p95?.ms).toBeGreaterThanOrEqual(median?.ms ?? 0);
  });

  it.each<[string, readonly string[], Partial<FalseAlarmRequest>, string]>([
    ["a signal no call carries", ["json_valid=-5pt"], {}, "no call of the baseline carries json_valid"],
    ["a rate beyond 100%", ["error=+99pt"], {}, "would make it 100."],
    ["a moment after the last call", ["error=+9pt"], { injectAfterMs: 1e9 }, "--at: the calls end before that"],
    ["a time without calls", [], { to: START - MINUTE }, "no call of the baseline is stored in this time"],
  ])("cannot be measured with %s, and say so", async (_name, inject, fields, problem) => {
    expect(await measure(inject, fields)).toMatchObject({ problem: expect.stringContaining(problem) });
  });
});
