import type { Migration } from "../../../core/migration.ts";
import { OVERALL } from "../../../core/sample.ts";
import { encodeSpanRow, type SpanRow } from "../../../core/span-row.ts";
import type { Decision } from "../../../core/verdict.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { decide } from "../../../lifecycle/decide.ts";
import { type MigrationState, NOT_STARTED } from "../../../lifecycle/state.ts";
import type { Store } from "../../../store/store.ts";
import { type Course, createCourse } from "./course.ts";

const TICK_MS = 300_000;
/** The store keeps and sorts a block at a time. */
const BATCH = 4000;

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
  const growing = createCourse();
  const { name, segments, hash } = migration;
  let state: MigrationState = { ...NOT_STARTED, hash, since: originMs, stageSince: originMs };
  let canaryCalls = 0;
  for (let from = originMs; from < originMs + minutes * 60_000; from += TICK_MS) {
    const tick = await into.foldTick({ migration: name, segments, from, to: from + TICK_MS, stage: 0, share: 0.5 });
    const judgement = engine.step(tick);
    const decision = decide(migration, state, judgement, judgement.at);
    state = after(state, decision);
    canaryCalls += tick.calls.find(({ cohort, segment }) => cohort === "canary" && segment === OVERALL)?.calls ?? 0;
    growing.take(judgement, decision, canaryCalls);
  }
  return growing.course();
};
