import { describe, expect, it } from "vitest";
import type { CollectorStats } from "../../core/collector-stats.ts";
import type { LedgerEntry } from "../../core/ledger.ts";
import type { Judgement } from "../../core/verdict.ts";
import { type MigrationSnapshot, snapshotOf } from "../../lifecycle/snapshot.ts";
import { NOT_STARTED } from "../../lifecycle/state.ts";
import type { HeartbeatView } from "../../status/heartbeat-view.ts";
import { METRICS } from "../../status/metric-table.ts";
import { renderMetrics } from "../../status/metrics.ts";
import type { MonitorView } from "../../status/monitor-view.ts";
import { documentText, migrationOf } from "../agent/config/documents.ts";
import { collectorStats, emptySpool } from "../doubles/collector-stats.ts";
import { aFinding } from "../fixtures/a-finding.ts";
import { aRollback } from "../fixtures/a-rollback.ts";
import { anEvidence } from "../fixtures/an-evidence.ts";

const SPOOL = { ...emptySpool, rows: 3, bytes: 900, insertFailures: 2 };
const stats = (instance = "pod-1"): CollectorStats =>
  collectorStats({
    receivedSpans: 12,
    rows: 7,
    outcomes: 4,
    spool: SPOOL,
    earlierSpool: { ...SPOOL, rows: 9 },
    setAsideRows: 3,
    outcomeSpool: { ...SPOOL, rows: 6 },
    admission: { requests: 2, bytes: 1000, waitMs: 250, diskMs: null, overloadedForMs: null, refusedInSpell: 0 },
    connections: { open: 4, limit: 512, dropped: 1 },
    senderClocks: [{ service: "api", instance: "pod-1", skewMs: -900_000, calls: 3, lastMs: 0 }],
    costDifferences: [{ model: "gpt-4o", calls: 5, pricedUsd: 1, statedUsd: 2 }],
    outcomeExporters: [{ service: "app", instance, made: 3, sent: 1, dropped: 2 }],
    exporters: [
      {
        service: "app",
        instance,
        made: 9,
        sent: 4,
        dropped: 5,
        unexplained: 0,
        spooled: 0,
        received: 4,
        missing: 0,
        reportedMs: 0,
      },
    ],
  });

const EVIDENCE = anEvidence({ logE: 5, threshold: 4.5 });
const drilled = (at: number, event: object) =>
  ({ id: String(at), at, migration: "m", by: "ana", incident: "m:0", event }) as unknown as LedgerEntry;
/** A drill that switched the flag off in a second. */
const DRILLED = [
  drilled(1_000, { type: "drill-started", drill: "0-1", reason: "r", rule: "", share: 0.2, until: 9_000, owner: "o" }),
  drilled(2_000, { type: "flip-readback", action: "a", state: { share: 0 }, confirmed: true }),
  drilled(3_000, { type: "drill-ended", drill: "0-1", outcome: "flipped", why: "" }),
];

const snapshot = (lastTick: number | null, isRolledBack = false): MigrationSnapshot => {
  const migration = migrationOf(documentText());
  const rollback = isRolledBack ? aRollback({ shareBefore: 0.5 }) : null;
  const shape = { findings: [aFinding({ segment: "input_type=json" })], families: [] };
  const judgement = {
    at: 0,
    stage: 1,
    verdicts: [
      {
        ...{ rule: "error", severity: "rollback", outcome: "undecided", why: "ingest-lag", evidence: EVIDENCE },
        needs: { towards: "clear", arm: "canary", seen: 150, calls: 200, isEstimate: false, perHour: null },
      },
    ],
    doubts: [{ reason: "ingest-lag", detail: "", since: 0 }],
    shape,
  } as unknown as Judgement;
  return snapshotOf(
    {
      migration,
      state: { ...NOT_STARTED, hash: migration.hash, stage: 1, rollback },
      entries: DRILLED,
      judgement: lastTick === null ? null : judgement,
      lastTick,
      drain: null,
      problem: "",
    },
    0,
  );
};

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LABEL = /([a-z_]+)="((?:[^"\\]|\\.)*)"/g;

/** Reads the text format strictly: every line is a help line, a type line or a sample of a declared family. */
const parse = (text: string): { readonly types: ReadonlyMap<string, string>; readonly samples: readonly Sample[] } => {
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  expect(text.endsWith("\n")).toBe(true);
  for (const line of text.slice(0, -1).split("\n")) {
    if (line.startsWith("# HELP ")) continue;
    const type = /^# TYPE ([a-z_]+) (counter|gauge)$/.exec(line);
    if (type?.[1] !== undefined) {
      expect(types.has(type[1])).toBe(false);
      types.set(type[1], type[2] ?? "");
      continue;
    }
    const sample = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line);
    expect(sample, line).not.toBeNull();
    const [, name = "", labels = "", value = ""] = sample ?? [];
    expect(types.has(name), line).toBe(true);
    expect(Number.isFinite(Number(value)), line).toBe(true);
    samples.push({
      name,
      value: Number(value),
      labels: Object.fromEntries([...labels.matchAll(LABEL)].map(([, k, v]) => [k, v])),
    });
  }
  return { types, samples };
};

const sampleValue = (samples: readonly Sample[], name: string): number | undefined =>
  samples.find((sample) => sample.name === name)?.value;

describe("the metrics", () => {
  it("are well formed, counters are called _total, names have the product's prefix", () => {
    const { types, samples } = parse(renderMetrics(stats(), [snapshot(10_000)]));
    for (const [name, type] of types) {
      expect(name).toMatch(/^leeway_/);
      expect(name.endsWith("_total")).toBe(type === "counter");
    }
    expect(samples.find(({ name }) => name === "leeway_migration_finding")).toMatchObject({
      labels: { family: "code fence", feature: "code_fence", segment: "input_type=json" },
      value: 2.15,
    });
    expect(samples.find(({ name }) => name === "leeway_drill_last_seconds")).toMatchObject({
      labels: { migration: "m", outcome: "flipped" },
      value: 3,
    });
    expect(sampleValue(samples, "leeway_drill_duration_seconds")).toBe(1);
    expect(sampleValue(samples, "leeway_spans_received_total")).toBe(12);
    expect(sampleValue(samples, "leeway_rows_acknowledged_total")).toBe(7);
    expect(sampleValue(samples, "leeway_outcomes_acknowledged_total")).toBe(4);
    expect(sampleValue(samples, "leeway_spool_rows")).toBe(3);
    expect(sampleValue(samples, "leeway_earlier_spool_rows")).toBe(9);
    expect(sampleValue(samples, "leeway_rows_set_aside_total")).toBe(3);
    expect(sampleValue(samples, "leeway_outcome_spool_rows")).toBe(6);
    expect(sampleValue(samples, "leeway_spool_insert_failures_total")).toBe(2);
    expect(sampleValue(samples, "leeway_ingest_requests")).toBe(2);
    expect(sampleValue(samples, "leeway_ingest_wait_seconds")).toBe(0.25);
    expect(samples.find(({ name }) => name === "leeway_connections_dropped_total")).toMatchObject({
      labels: { listener: "collector" },
      value: 1,
    });
    expect(sampleValue(samples, "leeway_app_spans_dropped_total")).toBe(5);
    expect(sampleValue(samples, "leeway_app_outcomes_dropped_total")).toBe(2);
    expect(samples.filter(({ name }) => name === "leeway_refused_total").map(({ labels }) => labels.reason)).toContain(
      "too-old",
    );
  });

  it("are what the table declares, all of them, with its types and labels", () => {
    const sentinel = { spent: { calls: 1, usd: 0 }, failed: 0, readings: [], cron: "" };
    const reading = { series: "", signal: "error", direction: "increase", drift: null, logE: 1, threshold: 2, n: 3 };
    const monitor = {
      name: "shop",
      lastSlice: 0,
      readings: [reading],
      ignored: [],
      sentinel,
    } as unknown as MonitorView;
    const engine = { restarts: 1, down: null, isConfined: true };
    const channels = [{ name: "pager", isFailing: true, waiting: 2 }];
    const full = stats();
    const spool = { ...SPOOL, oldestUnsavedMs: 1 };
    const all = { ...full, spool, earlierSpool: spool, outcomeSpool: spool, pairSpool: spool, contentSpool: spool };
    const heartbeat = { lastSuccess: 5_000, failures: 2, withheld: true };
    const { types, samples } = parse(
      renderMetrics(all, [snapshot(10_000)], [monitor], { engine, heartbeat, channels }),
    );
    expect([...types].sort()).toEqual([...METRICS.values()].map(({ name, type }) => [name, type]).sort());
    for (const { name, labels } of METRICS.values()) {
      const of = samples.filter((sample) => sample.name === name);
      expect(of.length, name).toBeGreaterThan(0);
      for (const sample of of) expect(Object.keys(sample.labels), name).toEqual([...labels]);
    }
  });

  it("tell of a heartbeat where there is one, and of no success before the first", () => {
    const told = (heartbeat: HeartbeatView | null) =>
      parse(renderMetrics(stats(), [], [], { heartbeat })).samples.filter(({ name }) => name.includes("heartbeat"));
    expect(told(null)).toEqual([]);
    const values = told({ lastSuccess: null, failures: 2, withheld: true }).map(({ name, value }) => [name, value]);
    expect(values).toEqual([
      ["leeway_heartbeat_failures_total", 2],
      ["leeway_heartbeat_withheld", 1],
    ]);
  });

  it("tell where each migration stands and how near each rule is to a breach", () => {
    const { samples } = parse(renderMetrics(stats(), [snapshot(10_000)]));
    const of = (name: string) => samples.find((sample) => sample.name === `leeway_${name}`);
    expect(of("migration_stage")).toMatchObject({ labels: { migration: "m" }, value: 1 });
    expect(of("migration_canary_share")?.value).toBe(0.5);
    expect(of("migration_rolled_back")?.value).toBe(0);
    expect(of("migration_revision_pending")?.value).toBe(0);
    expect(of("migration_last_tick_seconds")?.value).toBe(10);
    expect(of("rule_excess")).toMatchObject({ labels: { migration: "m", rule: "error" }, value: 0.5 });
    const after = parse(renderMetrics(stats(), [snapshot(10_000, true)])).samples;
    expect(sampleValue(after, "leeway_migration_rolled_back")).toBe(1);
    expect(sampleValue(after, "leeway_migration_canary_share")).toBe(0);
  });

  it("leave out what is unknown, instead of calling it zero", () => {
    const { samples } = parse(renderMetrics(stats(), [snapshot(null)]));
    expect(sampleValue(samples, "leeway_migration_last_tick_seconds")).toBeUndefined();
    expect(sampleValue(samples, "leeway_rule_excess")).toBeUndefined();
    expect(sampleValue(samples, "leeway_spool_oldest_unsaved_ms")).toBeUndefined();
  });

  it("escape what an app calls itself", () => {
    const text = renderMetrics(stats('a"b\\c\nleeway_fake 1'), []);
    const { samples } = parse(text);
    expect(samples.find(({ name }) => name === "leeway_app_spans_dropped_total")?.labels.instance).toBe(
      'a\\"b\\\\c\\nleeway_fake 1',
    );
    expect(sampleValue(samples, "leeway_fake")).toBeUndefined();
  });

  it("are well formed without any migration", () => {
    expect(parse(renderMetrics(stats(), [])).samples.length).toBeGreaterThan(5);
  });

  it("say why a rule is undecided and what is in doubt", () => {
    const { samples } = parse(renderMetrics(stats(), [snapshot(10_000)]));
    const labelsOf = (name: string) => samples.find((sample) => sample.name === name)?.labels;
    expect(labelsOf("leeway_rule_undecided")).toMatchObject({ rule: "error", reason: "ingest-lag" });
    expect(samples.find(({ name }) => name === "leeway_rule_calls_missing")).toMatchObject({
      labels: { rule: "error", arm: "canary" },
      value: 50,
    });
    expect(labelsOf("leeway_migration_doubt")).toMatchObject({ reason: "ingest-lag" });
    expect(
      sampleValue(parse(renderMetrics(stats(), [snapshot(null)])).samples, "leeway_migration_doubt"),
    ).toBeUndefined();
  });
});
