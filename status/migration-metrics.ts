import { isWeighed } from "../core/log-e-text.ts";
import type { Judgement } from "../core/verdict.ts";
import { lastDrill } from "../lifecycle/drills.ts";
import { pendingRevisions } from "../lifecycle/pending-revision.ts";
import type { MigrationSnapshot } from "../lifecycle/snapshot.ts";
import type { Family } from "./metric-family.ts";
import type { MetricName } from "./metric-table.ts";

/** Metrics of the migrations. What is unknown has no sample: a zero would be a claim. */
export const migrationFamilies = (migrations: readonly MigrationSnapshot[]): readonly Family[] => {
  /** One sample per migration, where its value is known. */
  const per = (name: MetricName, value: (snapshot: MigrationSnapshot) => number | null): Family => ({
    name,
    values: migrations.flatMap((snapshot) => {
      const known = value(snapshot);
      return known === null ? [] : [[{ migration: snapshot.migration.name }, known] as const];
    }),
  });
  /** Samples with labels of their own, as many as a migration's newest judgement makes. */
  const each = (name: MetricName, samples: (judgement: Judgement) => Family["values"]): Family => ({
    name,
    values: migrations.flatMap(({ migration, judgement }) =>
      (judgement === null ? [] : samples(judgement)).map(
        ([labels, value]) => [{ migration: migration.name, ...labels }, value] as const,
      ),
    ),
  });
  return [
    per("leeway_migration_stage", ({ state }) => state.stage),
    per("leeway_migration_canary_share", ({ share }) => share),
    per("leeway_migration_rolled_back", ({ state }) => (state.rollback === null ? 0 : 1)),
    per("leeway_migration_revision_pending", ({ state, entries }) =>
      state.abandoned === null && pendingRevisions(entries).open !== null ? 1 : 0,
    ),
    per("leeway_migration_last_tick_seconds", ({ lastTick }) => (lastTick === null ? null : lastTick / 1000)),
    {
      name: "leeway_drill_last_seconds",
      values: migrations.flatMap(({ migration, entries }) => {
        const last = lastDrill(entries);
        return last === null ? [] : [[{ migration: migration.name, outcome: last.outcome }, last.at / 1000] as const];
      }),
    },
    per("leeway_drill_duration_seconds", ({ entries }) => lastDrill(entries)?.seconds ?? null),
    each("leeway_rule_excess", ({ verdicts }) =>
      verdicts
        .filter(({ evidence }) => isWeighed(evidence.logE))
        .map(({ rule, evidence }) => [{ rule }, evidence.logE - evidence.threshold]),
    ),
    each("leeway_rule_undecided", ({ verdicts }) =>
      verdicts.flatMap((verdict) =>
        verdict.outcome === "undecided" ? [[{ rule: verdict.rule, reason: verdict.why }, 1] as const] : [],
      ),
    ),
    each("leeway_rule_calls_missing", ({ verdicts }) =>
      verdicts.flatMap((verdict) => {
        const needs = verdict.outcome === "undecided" ? verdict.needs : undefined;
        if (needs === undefined || needs.calls === null) return [];
        return [[{ rule: verdict.rule, arm: needs.arm }, Math.max(0, needs.calls - needs.seen)] as const];
      }),
    ),
    each("leeway_migration_doubt", ({ doubts = [] }) => doubts.map(({ reason }) => [{ reason }, 1])),
    each("leeway_migration_finding", ({ shape }) =>
      (shape?.findings ?? []).map(({ family, feature, segment, effect }) => [{ family, feature, segment }, effect]),
    ),
  ];
};
