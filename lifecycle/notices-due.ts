import { otherwise } from "../core/exhaustive.ts";
import type { LedgerEntry, LedgerEvent } from "../core/ledger.ts";
import type { Migration } from "../core/migration.ts";
import { exactPercent } from "../core/percent.ts";
import { commandType } from "./commands/commands.ts";
import { arrived, moved, type NewsDue, type NoticeDue, type RollbackCause } from "./news.ts";
import { type MigrationState, type OpenRollback, stageShare } from "./state.ts";

type EntryOf<Type extends LedgerEvent["type"]> = LedgerEntry & {
  readonly event: Extract<LedgerEvent, { readonly type: Type }>;
};

const isEvent =
  <Type extends LedgerEvent["type"]>(type: Type) =>
  (entry: LedgerEntry): entry is EntryOf<Type> =>
    entry.event.type === type;

/** What a rollback was decided on: the breached rule, or the person who asked for it. */
const causeOf = (entries: readonly LedgerEntry[]): { readonly cause: RollbackCause; readonly at: number } | null => {
  for (const { event, by, at } of entries) {
    if (event.type === "command" && event.command === "rollback") return { cause: { by, reason: event.reason }, at };
    if (event.type !== "decision" || event.decision.kind !== "rollback") continue;
    const { rule, reason } = event.decision;
    const verdict = event.judgement?.verdicts.find((each) => each.rule === rule);
    return { cause: verdict === undefined ? { by: "agent", reason } : { verdict }, at };
  }
  return null;
};

const flipNews = (cause: RollbackCause, rollback: OpenRollback, entries: readonly LedgerEntry[]): NewsDue | null => {
  const { shareBefore } = rollback;
  const results = entries.filter(isEvent("flip-result")).filter(({ at }) => at >= rollback.decidedAt);
  const readback = entries.filter(isEvent("flip-readback")).findLast(({ at }) => at >= rollback.decidedAt);
  if (rollback.isConfirmed && readback !== undefined) {
    const wrote = results.some(({ event }) => event.write.outcome === "written");
    const flippedAt = rollback.flippedAt ?? readback.at;
    const flip = { outcome: "confirmed", state: readback.event.state, flippedAt, wrote } as const;
    return { kind: "rolled-back", cause, shareBefore, flip };
  }
  const last = results.at(-1);
  if (last === undefined) return null;
  const { write } = last.event;
  if (write.outcome === "failed") return { kind: "rollback-failed", cause, shareBefore, flip: write };
  const state = readback?.event.state ?? null;
  const found = state === null ? "it could not be read back" : `the flag reads ${exactPercent(state.share)}`;
  const why = `written as 0%, but ${found}`;
  const flip = { outcome: "unconfirmed", state, why, flippedAt: rollback.flippedAt ?? last.at } as const;
  return { kind: "rollback-failed", cause, shareBefore, flip };
};

const drainNews = (rollback: OpenRollback, entries: readonly LedgerEntry[]): readonly NoticeDue[] => {
  const due: NoticeDue[] = [];
  let returns = 0;
  for (const { event, at } of entries) {
    if (at < rollback.decidedAt) continue;
    if (event.type === "drain-reopened") {
      returns += 1;
      due.push({ at, inIncident: true, news: { kind: "canary-returned", exposure: event.exposure, returns } });
    }
    if (event.type === "drain-overdue") {
      const { reason, exposure, flippedAt } = event;
      const instances = exposure?.instances ?? [];
      const drain = { state: "overdue", reason, instances, measureFrom: flippedAt, exposure } as const;
      due.push({ at, inIncident: true, news: { kind: "not-rolled-back", drain, flippedAt } });
    } else if (event.type === "drain-proven") {
      const { lastCanaryStart, probability, exposure, flippedAt } = event;
      const drain = { state: "proven", lastCanaryStart, provenAt: at, probability, exposure } as const;
      const { decidedAt } = rollback;
      due.push({ at, inIncident: true, news: { kind: "drained", drain, decidedAt, flippedAt, returns } });
    }
  }
  return due;
};

const rollbackNews = (state: MigrationState, entries: readonly LedgerEntry[]): readonly NoticeDue[] => {
  const found = causeOf(entries);
  if (state.rollback === null || found === null) return [];
  const flipped = flipNews(found.cause, state.rollback, entries);
  return [
    ...(flipped === null ? [] : [{ at: found.at, inIncident: true, news: flipped }]),
    ...drainNews(state.rollback, entries),
  ];
};

const decisionNews = (migration: Migration, entry: EntryOf<"decision">, stage: number): NoticeDue | null => {
  const { decision, judgement } = entry.event;
  const incident = { at: entry.at, inIncident: true };
  switch (decision.kind) {
    case "advance":
      return moved(stage, decision.toStage, entry, decision.reason);
    case "pause": {
      const verdict = judgement?.verdicts.find((each) => each.rule === decision.rule);
      const share = stageShare(migration, stage);
      return verdict === undefined ? null : { ...incident, news: { kind: "paused", verdict, share } };
    }
    case "page":
      return {
        ...incident,
        news: { kind: "page", topic: decision.topic ?? decision.reason, reason: decision.reason },
      };
    case "rollback":
    case "continue":
      return null;
    default:
      return otherwise(decision, null);
  }
};

/** The news of one entry that concerns no rollback; null for entries people need no message about. */
const entryNews = (migration: Migration, entry: LedgerEntry, stage: number): NoticeDue | null => {
  const { event } = entry;
  switch (event.type) {
    case "started":
      return arrived(stage, entry, "the migration started");
    case "command":
      return commandType(event.command)?.news({ ...entry, event }, stage) ?? null;
    case "decision":
      return decisionNews(migration, { ...entry, event }, stage);
    case "flip-intent":
    case "flip-result":
    case "flip-readback":
    case "drain-proven":
    case "drain-overdue":
    case "drain-reopened":
      // Told of by rollbackNews.
      return null;
    case "rehashed":
    case "standing":
    case "verdict":
    case "finding":
    case "notice":
    case "claim":
    case "delivery":
      return null;
    default:
      return otherwise(event, null);
  }
};

const stageAfter = (stage: number, { event }: LedgerEntry): number => {
  if (event.type === "decision" && event.decision.kind === "advance") return Math.max(stage, event.decision.toStage);
  return event.type === "command" && event.command === "advance" ? Math.max(stage, (event.stage ?? stage) + 1) : stage;
};

/**
 * Everything that the ledger calls for people to be told since the start or the last re-arming, oldest first. A function of
 * the ledger, so that a crash between an act and its message loses no message. Pure.
 */
export const noticesDue = (
  migration: Migration,
  state: MigrationState,
  entries: readonly LedgerEntry[],
): readonly NoticeDue[] => {
  const current = entries.filter(({ at }) => at >= state.since);
  let stage = 0;
  const single = current.flatMap((entry) => {
    const due = entryNews(migration, entry, stage);
    stage = stageAfter(stage, entry);
    return due === null ? [] : [due];
  });
  return [...single, ...rollbackNews(state, current)];
};
