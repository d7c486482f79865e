import type { Finding, ShapeReport } from "../../../core/finding.ts";
import type { Migration } from "../../../core/migration.ts";
import { encodeSpanRow, type SpanRow } from "../../../core/span-row.ts";
import type { Decision, Judgement } from "../../../core/verdict.ts";
import { decide } from "../../../detectors/decide.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { type MigrationState, NOT_STARTED } from "../../../detectors/history.ts";
import type { Store } from "../../../store/store.ts";

const TICK_MS = 300_000;
/** The store keeps and sorts a block at a time. */
const BATCH = 4000;

/** Something the engine said for the first time, and how many canary calls had ended by then. */
export type Noted<T> = T & { readonly canaryCalls: number };

/** A rule that was breached. */
export interface Breach {
  readonly rule: string;
  readonly severity: "rollback" | "pause";
  readonly segment: string;
}

/** Everything a migration came to. */
export interface Course {
  readonly decisions: readonly Noted<{ readonly decision: Decision }>[];
  readonly breaches: readonly Noted<Breach>[];
  /** Each family and segment once, as it first stood. */
  readonly findings: readonly Noted<{ readonly finding: Finding }>[];
  /** At the end. */
  readonly shape: ShapeReport | null;
  readonly canaryCalls: number;
}

const store = async (into: Store, name: string, rows: readonly SpanRow[]): Promise<void> => {
  for (let at = 0; at < rows.length; at += BATCH) {
    const batch = rows.slice(at, at + BATCH);
    await into.insertSpans({ token: `${name}:${at}`, lines: batch.map(encodeSpanRow).join(""), rows: batch.length });
  }
};

const after = (state: MigrationState, decision: Decision): MigrationState =>
  decision.kind === "pause"
    ? { ...state, isPaused: true, pausedFor: [...state.pausedFor, decision.rule] }
    : decision.kind === "page"
      ? { ...state, pagedFor: [...state.pagedFor, decision.reason] }
      : state;

const breachesOf = ({ verdicts }: Judgement): readonly Breach[] =>
  verdicts.flatMap(({ outcome, rule, severity, evidence }) =>
    outcome === "breach" ? [{ rule, severity, segment: evidence.segment }] : [],
  );

/** What of `seen` is new by its key. */
const fresh = <T>(seen: Set<string>, all: readonly T[], keyOf: (each: T) => string): readonly T[] =>
  all.filter((each) => {
    const isNew = !seen.has(keyOf(each));
    seen.add(keyOf(each));
    return isNew;
  });

/**
 * Puts the rows of one migration into the store, folds them tick by tick and judges every tick, as the agent does, but
 * without its clock. The rows begin at `originMs`, epoch.
 */
export const runMigration = async (
  into: Store,
  migration: Migration,
  rows: readonly SpanRow[],
  { originMs, minutes }: { readonly originMs: number; readonly minutes: number },
): Promise<Course> => {
  await store(into, migration.name, rows);
  const engine = createEngine(migration);
  const [breached, found] = [new Set<string>(), new Set<string>()];
  const course = {
    decisions: [] as Noted<{ readonly decision: Decision }>[],
    breaches: [] as Noted<Breach>[],
    findings: [] as Noted<{ readonly finding: Finding }>[],
  };
  let state: MigrationState = { ...NOT_STARTED, hash: migration.hash, since: originMs, stageSince: originMs };
  let [shape, canaryCalls]: [ShapeReport | null, number] = [null, 0];
  // The last calls end a little after the last minute began.
  for (let from = originMs; from < originMs + minutes * 60_000; from += TICK_MS) {
    const { name, segments } = migration;
    const tick = await into.foldTick({
      ...{ migration: name, segments, from, to: from + TICK_MS, stage: 0 },
      share: 0.5,
    });
    const judgement = engine.step(tick);
    canaryCalls += tick.calls.find(({ cohort, segment }) => cohort === "canary" && segment === "")?.calls ?? 0;
    const decision = decide(migration, state, judgement, judgement.at);
    state = after(state, decision);
    shape = judgement.shape ?? null;
    if (decision.kind !== "continue") course.decisions.push({ decision, canaryCalls });
    for (const breach of fresh(breached, breachesOf(judgement), ({ rule }) => rule))
      course.breaches.push({ ...breach, canaryCalls });
    for (const finding of fresh(found, shape?.findings ?? [], ({ family, segment }) => `${family} ${segment}`))
      course.findings.push({ finding, canaryCalls });
  }
  return { ...course, shape, canaryCalls };
};
