import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CostDifference } from "../../core/cost-difference.ts";
import { COST_FACTORS } from "../../core/cost-text.ts";
import type { Command, LedgerEvent } from "../../core/ledger.ts";
import type { Log } from "../../core/log.ts";
import { PAIR_CHANGES } from "../../core/pair-measures.ts";
import { seededRandom } from "../../core/seeded-random.ts";
import { encodeSpanRow, type SpanRow } from "../../core/span-row.ts";
import { STANDING_WORDS } from "../../grafana/builders/sql/strip-sql.ts";
import { standingOf } from "../../lifecycle/standing.ts";
import { foldLedger } from "../../lifecycle/transitions.ts";
import { openStore } from "../../store/open-store.ts";
import type { JudgedPair } from "../../store/pairs/judged-pair.ts";
import type { Store } from "../../store/store.ts";
import { aPair, aPairBatch } from "../store/a-pair.ts";
import { type DashboardQuery, queries } from "./dashboard-model.ts";
import { expandMacros, type QueryScope } from "./expand-macros.ts";
import {
  BREACH,
  DRAINED,
  entries,
  FLIP_INTENT,
  MIGRATION,
  MINUTE,
  MINUTES,
  OVERDUE,
  READ_BACK,
  ROLLBACK,
  rollbackLedger,
  SOME_MIGRATION,
  STARTED,
  spansOfMinute,
  UNMEASURED,
  withStanding,
} from "./golden-rows.ts";

interface Answer {
  readonly meta: readonly { readonly name: string; readonly type: string }[];
  readonly data: readonly Readonly<Record<string, unknown>>[];
}

const quiet: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** The golden traffic ended a while ago, on whole minutes. */
const START = Math.floor(Date.now() / MINUTE) * MINUTE - 30 * MINUTE;
const END = START + MINUTES * MINUTE;

let dir: string;
let store: Store;

const insert = (token: string, rows: readonly SpanRow[]): Promise<unknown> =>
  store.insertSpans({ token, lines: rows.map(encodeSpanRow).join(""), rows: rows.length });

const loadTraffic = async (): Promise<void> => {
  for (let minute = 0; minute < MINUTES; minute++) await insert(`minute-${minute}`, spansOfMinute(START, minute));
  // A collector that lost its memory wrote one failed canary call twice.
  await insert("again", spansOfMinute(START, 7).slice(18, 19));
  for (let minute = 0; minute < MINUTES; minute++) {
    const from = START + minute * MINUTE;
    await store.foldTick({
      migration: MIGRATION,
      from,
      to: from + MINUTE,
      stage: 0,
      share: 0.1,
      segments: ["input_type"],
    });
  }
};

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "leeway-dashboard-"));
  const settings = {
    url: "embedded",
    dir,
    database: "leeway",
    user: "",
    password: "",
    cluster: null,
    port: 0,
    hosts: [],
  };
  store = await openStore(settings, { log: quiet, now: Date.now });
  await loadTraffic();
  const ledger = rollbackLedger(START + 9 * MINUTE);
  await store.appendLedger(ledger);
  await store.appendLedger(ledger.slice(3, 4));
});

afterAll(async () => {
  await store?.close();
  await rm(dir, { recursive: true, force: true });
});

const scope = (change: Partial<QueryScope["variables"]> = {}): QueryScope => ({
  from: START - 5 * MINUTE,
  to: END,
  intervalMs: MINUTE,
  variables: { migration: MIGRATION, segment: "all", service: "$__all", ...change },
});

/** Runs a query the way Grafana's datasource does: over HTTP, as the user who may only read. */
const ask = async (sql: string, at: QueryScope): Promise<Answer> => {
  const { url, database, reader } = store.endpoint;
  const response = await fetch(
    `${url}/?database=${database}&default_format=JSON&output_format_json_quote_64bit_integers=0`,
    {
      method: "POST",
      body: expandMacros(sql, at),
      headers: { "x-clickhouse-user": reader?.user ?? "", "x-clickhouse-key": reader?.password ?? "" },
    },
  );
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return JSON.parse(text);
};

const find = (name: string): DashboardQuery => {
  const query = queries.find((candidate) => candidate.name === name);
  if (query === undefined) throw new Error(`no query named ${name}`);
  return query;
};

const rowsOf = async (name: string, at: QueryScope = scope()): Promise<Answer["data"]> =>
  (await ask(find(name).sql, at)).data;

const column = async (name: string, key: string, at: QueryScope = scope()): Promise<unknown[]> =>
  (await rowsOf(name, at)).map((row) => row[key]);

const isNumber = (type: string): boolean => /^(Nullable\()?(U?Int|Float)\d+\)?$/.test(type);
const isText = (type: string): boolean => /^(LowCardinality\()?String\)?$/.test(type);
const isTime = (type: string): boolean => /^DateTime/.test(type);

describe("every query of the dashboard", () => {
  it.each(queries.filter(({ timeSeries }) => timeSeries).map((query) => [query.name, query] as const))(
    "%s is a time series: time first and ascending, then numbers, at most one text for the label",
    async (_, { sql }) => {
      const { meta, data } = await ask(sql, scope());
      const [time, ...rest] = meta;
      expect([time?.name, isTime(time?.type ?? "")]).toEqual(["time", true]);
      expect(rest.filter(({ type }) => !isNumber(type) && !isText(type))).toEqual([]);
      expect(rest.filter(({ type }) => isNumber(type)).length).toBeGreaterThan(0);
      expect(rest.filter(({ type }) => isText(type)).length).toBeLessThanOrEqual(1);
      const times = data.map((row) => String(row.time));
      expect(times).toEqual([...times].sort());
    },
  );

  it.each(queries.map((query) => [`${query.of} ${query.name}`, query] as const))(
    "%s answers in an empty range and in a migration nobody has heard of",
    async (_, { sql }) => {
      const long = { ...scope(), from: START - 500 * MINUTE, to: START - 400 * MINUTE };
      await expect(ask(sql, long)).resolves.toBeDefined();
      await expect(
        ask(sql, scope({ migration: "it's \\ nothing", segment: "a'b", service: ["x'y", "z"] })),
      ).resolves.toBeDefined();
    },
  );

  it.each(queries.filter(({ of }) => of === "annotation").map((query) => [query.name, query] as const))(
    "annotation %s has time, text and tags",
    async (_, { sql }) => {
      const { meta } = await ask(sql, scope());
      expect(meta.map(({ name }) => name)).toEqual(["time", "text", "tags"]);
      expect(meta.map(({ type }) => isTime(type) || isText(type))).toEqual([true, true, true]);
    },
  );
});

describe("the variables", () => {
  it("offer the migrations, segments and services there are", async () => {
    expect(await column("migration", "migration")).toContain(MIGRATION);
    expect(await column("segment", "name")).toEqual(["all", "input_type=billing", "input_type=faq"]);
    expect(await column("service", "service")).toEqual(["support-api"]);
  });
});

describe("baseline and canary", () => {
  const everyMinute = <T>(value: T): T[] => Array.from({ length: MINUTES }, () => value);

  it("shows the canary's errors from the sixth minute on, its band around them, and the limit", async () => {
    const rows = await rowsOf("Error rate");
    expect(rows.map(({ baseline }) => baseline)).toEqual(everyMinute(0));
    expect(rows.map(({ canary }) => canary)).toEqual([0, 0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5, 0.5]);
    expect(rows.map((row) => row.limit)).toEqual(everyMinute(0.05));
    // Wilson's 95% interval of 1 in 2, and of 0 in 2.
    expect(rows[9]?.canary_lo).toBeCloseTo(0.0945, 3);
    expect(rows[9]?.canary_hi).toBeCloseTo(0.9055, 3);
    expect(rows[0]?.canary_lo).toBeCloseTo(0, 6);
    expect(rows[0]?.canary_hi).toBeCloseTo(0.6576, 3);
  });

  it("takes the tightest limit of the rules about the same quantile, and of no other", async () => {
    const { evidence } = BREACH;
    const verdict = (rule: string, limit: number): LedgerEvent => ({
      type: "verdict",
      tick: 0,
      verdict: { ...BREACH, rule, evidence: { ...evidence, limit } },
    });
    const rules = [
      verdict("latency_ms.p99.relative", 900),
      verdict("latency_ms.p99.relative", 700),
      verdict("latency_ms.p99.absolute-increase", 800),
      verdict("latency_ms.p99.9.relative", 100),
      verdict("latency_ms.p95.relative", 100),
    ];
    await store.appendLedger(entries("limits", START, rules));
    await insert(
      "limits",
      spansOfMinute(START, 0).map((row, index) => ({ ...row, migration: "limits", span_id: `limit-${index}` })),
    );
    const tick = { from: START, to: START + MINUTE, stage: 0, share: 0.1, segments: [] };
    await store.foldTick({ migration: "limits", ...tick });
    expect(await column("Latency p99", "limit", scope({ migration: "limits" }))).toEqual([700]);
    expect(await column("Error rate", "limit", scope({ migration: "limits" }))).toEqual([null]);
  });

  it("shows refusals of the answers that were seen", async () => {
    const rows = await rowsOf("Refusals");
    expect(rows.map(({ canary }) => canary)).toEqual([0.5, ...Array.from({ length: 9 }, () => 0)]);
  });

  it.each([
    ["Latency p50", "baseline", 100],
    ["Latency p95", "canary", 200],
    ["Latency p99", "canary", 200],
    ["Time to first token, p50 and p95", "baseline p50", 50],
    ["Time to first token, p50 and p95", "canary p95", 100],
  ])("shows %s of %s within 1%%", async (name, key, expected) => {
    const values = await column(name, key);
    expect(values).toHaveLength(MINUTES);
    for (const value of values) expect(Math.abs(Number(value) / expected - 1)).toBeLessThan(0.01);
  });

  it("shows tokens and cost per call, failed calls left out", async () => {
    expect(await column("Tokens per call", "baseline")).toEqual(everyMinute(150));
    expect(await column("Tokens per call", "canary")).toEqual(everyMinute(200));
    for (const cost of await column("Cost per call", "canary")) expect(cost).toBeCloseTo(0.002, 9);
  });

  it("counts each call once, also one that was written twice", async () => {
    expect(await column("Calls", "baseline")).toEqual(everyMinute(18));
    expect(await column("Calls", "canary")).toEqual(everyMinute(2));
    expect(await column("Sample ratio", "canary observed")).toEqual(everyMinute(0.1));
    expect(await column("Sample ratio", "configured")).toEqual(everyMinute(0.1));
  });

  it("keeps to the chosen segment", async () => {
    const faq = scope({ segment: "input_type=faq" });
    expect(await column("Calls", "baseline", faq)).toEqual(everyMinute(9));
    expect(await column("Error rate", "canary", faq)).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
  });

  it("joins minutes when the graph is coarse", async () => {
    const rows = await rowsOf("Error rate", { ...scope(), intervalMs: 60 * MINUTE });
    const calls = await rowsOf("Calls", { ...scope(), intervalMs: 60 * MINUTE });
    const total = calls.reduce((sum, { canary }) => sum + Number(canary), 0);
    expect(rows.length).toBeLessThanOrEqual(2);
    expect(total).toBe(20);
  });

  it("shows nothing, not zero, where no call carries the signal", async () => {
    expect(await rowsOf("Valid JSON, of answers asked for JSON")).toEqual([]);
  });
});

describe("what a canary call costs more", () => {
  const PANEL = "What a canary call costs more, by what makes it";
  const TABLE = "Cost difference in the time range";
  const counts = (canary: number, baseline: number) => ({
    baseline: { calls: baseline, priced: baseline, withoutUsage: 0, withoutPrice: 0 },
    canary: { calls: canary, priced: canary, withoutUsage: 0, withoutPrice: 0 },
  });
  /** A price that doubles, and answers that are longer. */
  const explained = (canary: number, baseline: number, [price, length]: readonly [number, number]): CostDifference => ({
    ...{ outcome: "explained", counts: counts(canary, baseline), differenceUsd: price + length, relative: null },
    costUsd: { baseline: 0.01, canary: 0.01 + price + length },
    parts: [
      { factor: "price", usd: price, relative: null, figures: { baseline: 0.01, canary: 0.02 }, unit: "USD" },
      { factor: "length", usd: length, relative: null, figures: { baseline: 400, canary: 600 }, unit: "characters" },
      { factor: "cache", usd: 0, relative: null, figures: { baseline: 0, canary: 0 }, unit: "share" },
    ],
  });
  const HOURS: readonly CostDifference[] = [
    explained(30, 300, [0.01, 0.004]),
    explained(10, 100, [0.01, -0.004]),
    { outcome: "unknown", why: "no-canary-calls", models: [], counts: counts(0, 50) },
  ];

  it("is told by its parts, hours weighted by their calls, and what is not known with its reason", async () => {
    const migration = "costly";
    for (const [i, difference] of HOURS.entries())
      await store.insertCostHour({ migration, hour: START + i * MINUTE, difference });
    expect((await rowsOf(PANEL, scope({ migration }))).map(({ part, usd }) => [part, usd])).toEqual([
      ["cache", 0],
      ["length", 0.004],
      ["price", 0.01],
      ["cache", 0],
      ["length", -0.004],
      ["price", 0.01],
    ]);
    const coarse = { ...scope({ migration }), intervalMs: 60 * MINUTE };
    const [, length] = await rowsOf(PANEL, coarse);
    expect(length).toMatchObject({ part: "length", usd: expect.closeTo((30 * 0.004 - 10 * 0.004) / 40, 9) });
    const rows = await rowsOf(TABLE, scope({ migration }));
    expect(rows).toEqual([
      {
        ...{ part: "price of a token", usd: expect.closeTo(0.01, 9), "of baseline": expect.closeTo(1, 9) },
        ...{ baseline: 0.01, canary: 0.02, "figures are": COST_FACTORS.price.figures, hours: 2 },
      },
      {
        ...{ part: COST_FACTORS.length.meaning, usd: expect.closeTo(0.002, 9), "of baseline": expect.closeTo(0.2, 9) },
        ...{ baseline: 400, canary: 600, "figures are": "characters of the answer", hours: 2 },
      },
      {
        ...{ part: "not known: the canary has no call in this time", usd: null, "of baseline": null },
        ...{ baseline: null, canary: null, "figures are": "", hours: 1 },
      },
    ]);
  });

  it("is nothing where nobody wrote it down", async () => {
    expect([await rowsOf(PANEL), await rowsOf(TABLE)]).toEqual([[], []]);
  });
});

describe("the shadow", () => {
  const at = (minute: number) => ({ migration: "shadowed", received_ms: START + minute * MINUTE, at_ms: START });
  const alike = (similarity_chars: number) => ({ numbers: { similarity_chars }, changed: ["text"] });

  it("tells what the pairs are, by the word that was judged last, of the chosen segment", async () => {
    const word = (pair: number, fields: Partial<JudgedPair>): JudgedPair => ({
      ...{ migration: "judged", pairId: `${pair}`.padStart(32, "0"), receivedMs: START, segment: "", word: "neutral" },
      ...{ rule: "equal", cluster: "", judgedMs: START + MINUTE },
      ...fields,
    });
    const hostile = `tier=it's "paid"\n🏳️‍🌈`;
    await store.insertPairWords([
      word(1, {}),
      word(2, { word: "undecided", rule: "nothing" }),
      word(3, { receivedMs: START + MINUTE, word: "regression", rule: "fact-against" }),
      word(3, { segment: hostile, receivedMs: START + MINUTE, word: "novel", rule: "novel" }),
    ]);
    // Said by a person later.
    await store.insertPairWords([word(2, { judgedMs: START + 2 * MINUTE, word: "improvement", rule: "override" })]);
    const judged = scope({ migration: "judged" });
    const title = "What the pairs are, of the segment chosen above";
    expect((await rowsOf(title, judged)).map(({ word: own, pairs }) => [own, pairs])).toEqual([
      ["improvement", 1],
      ["neutral", 1],
      ["regression", 1],
    ]);
    const some = await rowsOf(title, { ...judged, variables: { ...judged.variables, segment: hostile } });
    expect(some.map(({ word: own, pairs }) => [own, pairs])).toEqual([["novel", 1]]);
    expect(await rowsOf(title, scope({ migration: "nobody" }))).toEqual([]);
  });

  it("tells coverage by reason, likeness beside the reruns, and what differs beyond them first", async () => {
    const billing = { segments: { input_type: "billing" }, changed: ["tool-lost:search", "text"] };
    const twice = aPair({ ...at(1), ...alike(0.4) });
    const pairs = [
      aPair({ ...at(0), ...alike(0.9) }),
      aPair({ ...at(0), ...alike(0.5), ...billing }),
      ...[twice, twice],
      aPair({ ...at(0), ...alike(0.8), kind: "rerun" }),
      aPair({ ...at(0), outcome: "budget-usd", calls: 7, changed: [], numbers: {} }),
    ];
    await store.insertPairs(aPairBatch(pairs));
    const shadowed = scope({ migration: "shadowed" });
    const coverage = await rowsOf("Served calls in a shadow stage, by what became of them", shadowed);
    expect(coverage.map(({ outcome, calls }) => [outcome, calls])).toEqual([
      ["budget-usd", 7],
      ["paired", 2],
      ["paired", 1],
    ]);
    const words = await rowsOf("How alike in wording", shadowed);
    expect(words).toHaveLength(2);
    expect(words[0]).toMatchObject({ "candidate p50": expect.closeTo(0.7, 9), "rerun p50": 0.8 });
    expect(words[1]).toMatchObject({ "candidate p50": 0.4, "rerun p50": null });
    expect(await rowsOf("How alike by the embedding model", shadowed)).toEqual([]);
    const differences = await rowsOf("What the candidate's answers differ in", shadowed);
    expect(differences).toEqual([
      {
        ...{ difference: "tool-lost:search", meaning: PAIR_CHANGES["tool-lost"].about, pairs: 1 },
        ...{ "of pairs": expect.closeTo(1 / 3, 9), "of reruns": 0 },
      },
      { difference: "text", meaning: PAIR_CHANGES.text.about, pairs: 3, "of pairs": 1, "of reruns": 1 },
    ]);
    const some = await rowsOf("What the candidate's answers differ in", {
      ...shadowed,
      variables: { ...shadowed.variables, segment: "input_type=billing" },
    });
    expect(some.map((row) => [row.pairs, row["of pairs"], row["of reruns"]])).toEqual([
      [1, 1, null],
      [1, 1, null],
    ]);
  });
});

describe("evidence", () => {
  it("shows the latest verdict of each rule, with nulls where a number is unknown", async () => {
    const rows = await rowsOf("Evidence, latest per rule");
    const byRule = Object.fromEntries(rows.map((row) => [row.rule, row]));
    expect(rows).toHaveLength(2);
    expect(byRule.error).toMatchObject({
      outcome: "breach",
      severity: "rollback",
      segment: "all",
      canary: 0.25,
      lower: 0.08,
      upper: 0.5,
      baseline: 0,
      limit: 0.05,
      "canary calls": 20,
      "baseline calls": 180,
      "log e-value": 9.25,
      "breach at": 8.5,
      method: BREACH.evidence.method,
    });
    expect(byRule["latency_ms.p99.relative"]).toMatchObject({
      outcome: "undecided",
      why: "baseline-warming-up",
      limit: null,
      lower: null,
    });
  });

  it("follows the evidence against its threshold", async () => {
    const rows = await rowsOf("Evidence against the threshold");
    const path = rows.filter(({ rule }) => rule === "error").map(({ evidence }) => Number(evidence));
    expect(path).toEqual([0.5 / 8.5, 9.25 / 8.5, 9.25 / 8.5].map((value) => expect.closeTo(value, 9)));
  });

  it("codes outcomes for the timeline", async () => {
    const rows = await rowsOf("Verdict per rule");
    expect(rows.filter(({ rule }) => rule === "error").map(({ outcome }) => outcome)).toEqual([0, 2, 2]);
  });

  it("shows the stage's share on the timeline", async () => {
    expect(new Set(await column("Stage", "canary share"))).toEqual(new Set([0.1]));
  });
});

describe("what was decided and done", () => {
  it("lists the ledger newest first, each entry once, in words", async () => {
    expect(await column("Ledger", "what")).toEqual([
      "stands at stage 1: rolled back",
      "canary calls stopped; 3 after the flip",
      "slack: delivered 200",
      "slack: try 1 claimed by run 0f3a9c1e",
      "flag says 0%, confirmed",
      "written",
      "set support-model on builtin to 0%",
      "rollback: error 25% in <b>faq</b> & more is above 5%",
      "error: breach",
      "error: undecided",
      "started at 10%",
    ]);
  });

  it("says why a drain is not proven", async () => {
    await store.appendLedger(entries("undrained", START, [OVERDUE, UNMEASURED]));
    expect(await column("Drains", "text", scope({ migration: "undrained" }))).toEqual([
      "NOT ROLLED BACK: canary calls go on; 3 canary calls after the flip",
      "NOT ROLLED BACK: the spans could not be read",
    ]);
  });

  it("marks rollbacks, flips and drains on the graphs, with their text escaped", async () => {
    expect(await column("Rollbacks", "text")).toEqual([
      "rollback: error 25% in &lt;b&gt;faq&lt;/b&gt; &amp; more is above 5%",
    ]);
    expect(await column("Flag flips", "text")).toEqual(["flag says 0%, confirmed"]);
    expect(await column("Drains", "tags")).toEqual(["drain-proven"]);
    expect(await column("Other decisions", "text")).toEqual([]);
  });
});

describe("the pipeline", () => {
  it("shows who calls, what fails and how late spans are", async () => {
    expect(new Set(await column("Calls by service and model", "series"))).toEqual(
      new Set(["support-api · old-model", "support-api · new-model"]),
    );
    const errors = await rowsOf("Errors by arm and type");
    expect(errors.map(({ series, calls }) => [series, calls])).toEqual(
      Array.from({ length: 5 }, () => ["canary · 500", 1]),
    );
    for (const lag of await column("Ingest lag", "lag p99")) expect(lag).toBeCloseTo(250, 3);
  });

  it("shows how many calls carry what rules need", async () => {
    const [first] = await rowsOf("Share of calls that carry …");
    expect(first).toMatchObject({ tokens: 1, cost: 1, cohort: 1 });
  });

  it("keeps to the chosen services", async () => {
    expect(await rowsOf("Ingest lag", scope({ service: ["other"] }))).toEqual([]);
    expect(await rowsOf("Ingest lag", scope({ service: ["other", "support-api"] }))).toHaveLength(MINUTES);
  });
});

describe("the strip at the top", () => {
  const PAUSE: LedgerEvent = {
    type: "decision",
    decision: { kind: "pause", rule: "refusal", reason: "more refusals" },
    judgement: null,
  };
  const PAGE: LedgerEvent = { type: "decision", decision: { kind: "page", reason: "both ill" }, judgement: null };
  const COMMANDS: readonly Command[] = ["advance", "pause", "resume", "rollback", "rearm"];
  const command = (name: Command): LedgerEvent => ({ type: "command", command: name, reason: "by hand" });

  it.each<[string, string, string[], LedgerEvent[]]>([
    ["fresh", "running", [], [STARTED]],
    ["paused", "paused", [], [STARTED, PAUSE]],
    ["paged-while-paused", "paused", [], [STARTED, PAUSE, PAGE]],
    ["advanced-while-paused", "paused", [], [STARTED, PAUSE, command("advance")]],
    ["resumed", "running", [], [STARTED, PAUSE, command("resume")]],
    ["paused-again", "paused", [], [STARTED, PAUSE, command("resume"), command("pause")]],
    ["rolling", "rolling back", ["rolling:0"], [STARTED, ROLLBACK, FLIP_INTENT]],
    ["rolled-by-hand", "rolling back", ["rolled-by-hand:0"], [STARTED, command("rollback")]],
    ["resumed-in-vain", "rolling back", ["resumed-in-vain:0"], [STARTED, PAUSE, ROLLBACK, command("resume")]],
    ["overdue", "NOT ROLLED BACK", ["overdue:0"], [STARTED, ROLLBACK, OVERDUE]],
    ["drained", "rolled back", [], [STARTED, ROLLBACK, OVERDUE, DRAINED]],
    ["drained-twice", "rolled back", [], [STARTED, ROLLBACK, DRAINED, command("rollback")]],
    ["rearmed", "running", [], [STARTED, PAUSE, ROLLBACK, DRAINED, command("rearm")]],
    ["again", "rolling back", ["again:1"], [STARTED, ROLLBACK, DRAINED, command("rearm"), ROLLBACK]],
  ])("of a migration that is %s says %s, open incident %j", async (name, state, incidents, events) => {
    await store.appendLedger(withStanding(entries(name, START, events)));
    const at = scope({ migration: name });
    expect(await column("State", "state", at)).toEqual([state]);
    expect(await column("Open incident", "incident", at)).toEqual(incidents);
  });

  it("says the newest, and what a newer version calls it as it is", async () => {
    const before = withStanding(entries("newer", START, [STARTED]));
    const later = { type: "standing", standing: "in-orbit", stage: 0, share: 0 } as unknown as LedgerEvent;
    await store.appendLedger(before);
    await store.appendLedger(entries("newer", START + MINUTE, [later]).map((entry) => ({ ...entry, id: "later" })));
    expect(await column("State", "state", scope({ migration: "newer" }))).toEqual(["in-orbit"]);
  });

  it("agrees with the fold the agent acts on", async () => {
    const events = [STARTED, PAUSE, PAGE, ROLLBACK, OVERDUE, DRAINED, ...COMMANDS.map(command)];
    const random = seededRandom(7);
    for (let round = 0; round < 40; round++) {
      const name = `random-${round}`;
      const length = 1 + Math.floor(random() * 8);
      const chosen = Array.from({ length }, () => events[Math.floor(random() * events.length)] ?? STARTED);
      const ledger = entries(name, START, chosen);
      await store.appendLedger(withStanding(ledger));
      const standing = standingOf(SOME_MIGRATION, foldLedger(SOME_MIGRATION, ledger), ledger.at(-1)?.at ?? 0);
      const expected = STANDING_WORDS[standing];
      const said = await column("State", "state", scope({ migration: name }));
      expect([chosen, said]).toEqual([chosen, [expected]]);
    }
  });

  it("shows the flag unconfirmed from the intent until it was read back", async () => {
    await store.appendLedger(entries("unconfirmed", START, [FLIP_INTENT]));
    expect(await column("Flag", "flag", scope({ migration: "unconfirmed" }))).toEqual(["NOT CONFIRMED"]);
    expect(await column("Flag", "flag")).toEqual(["confirmed"]);
    expect(READ_BACK.type).toBe("flip-readback");
  });

  it("shows shares, configured and observed", async () => {
    expect(await column("Canary share, configured", "share")).toEqual([0]);
    const [observed] = await column("Canary share, observed", "share");
    expect(observed).toBeCloseTo(0.1, 9);
  });

  it("shows how old the newest call and the newest tick are", async () => {
    const newest = END - MINUTE + 20_000;
    const [callAge] = await column("Newest call", "age");
    const [tickAge] = await column("Last judged", "age");
    expect(Math.abs(Number(callAge) - (Date.now() - newest) / 1000)).toBeLessThan(10);
    expect(Math.abs(Number(tickAge) - (Date.now() - END) / 1000)).toBeLessThan(10);
  });

  it("is empty, not zero, for a migration without data", async () => {
    for (const name of ["State", "Newest call", "Last judged", "Flag", "Open incident", "Canary share, configured"])
      expect(await rowsOf(name, scope({ migration: "nothing" })), name).toEqual([]);
    expect(await column("Canary share, observed", "share", scope({ migration: "nothing" }))).toEqual([null]);
  });
});
