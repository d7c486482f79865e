import { otherwise } from "../core/exhaustive.ts";
import type { LedgerEntry, LedgerEvent } from "../core/ledger.ts";
import type { Migration } from "../core/migration.ts";
import { exactPercent } from "../core/percent.ts";
import { SHADOW_RULE } from "../core/verdict.ts";
import { entryStage, needsApproval } from "./approvals.ts";
import { commandType } from "./commands/commands.ts";
import { drillsOf } from "./drills.ts";
import { arrived, moved, type NewsDue, type NewsPlace, type NoticeDue, type RollbackCause } from "./news.ts";
import { type MigrationState, NOT_STARTED, type OpenRollback, stageShare } from "./state.ts";
import { applyEntry } from "./transitions.ts";

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
  const since = entries.filter(({ at }) => at >= rollback.decidedAt);
  const results = since.filter(isEvent("flip-result")).filter(({ event }) => event.fallback === undefined);
  const readback = since.filter(isEvent("flip-readback")).findLast(({ event }) => event.fallback === undefined);
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

/** What one entry says of a try; null for a write that was taken, whose read-back says more. */
const howOf = (
  event: (EntryOf<"flip-result"> | EntryOf<"flip-readback">)["event"],
): { readonly isDown: boolean; readonly problem: string } | null => {
  if (event.type === "flip-readback") {
    const { confirmed, state } = event;
    if (confirmed) return { isDown: true, problem: "" };
    return { isDown: false, problem: `written as 0%, but the flag reads ${exactPercent(state.share)}` };
  }
  const { write } = event;
  return write.outcome === "failed" ? { isDown: false, problem: `${write.why}: ${write.detail}` } : null;
};

/** Each fallback that was tried: that it is down, and that it was not to be had. Later tries of the same kind are no news. */
const fallbackNews = (
  cause: RollbackCause,
  rollback: OpenRollback,
  entries: readonly LedgerEntry[],
): readonly NoticeDue[] => {
  const told = new Set<string>();
  return entries.flatMap(({ event, at }): readonly NoticeDue[] => {
    if (at < rollback.decidedAt || (event.type !== "flip-result" && event.type !== "flip-readback")) return [];
    const { fallback } = event;
    const how = fallback === undefined ? null : howOf(event);
    const key = JSON.stringify([fallback, how?.isDown]);
    if (fallback === undefined || how === null || told.has(key)) return [];
    told.add(key);
    return [{ at, inIncident: true, news: { kind: "fell-back", cause, fallback, ...how } }];
  });
};

const drainNews = (
  cause: RollbackCause,
  rollback: OpenRollback,
  entries: readonly LedgerEntry[],
  isAbandoned: boolean,
): readonly NoticeDue[] => {
  const due: NoticeDue[] = [];
  let returns = 0;
  for (const { event, at } of entries) {
    if (at < rollback.decidedAt) continue;
    if (event.type === "drain-reopened") {
      returns += 1;
      due.push({ at, inIncident: true, news: { kind: "canary-returned", cause, exposure: event.exposure, returns } });
    }
    if (event.type === "drain-overdue") {
      const { reason, exposure, flippedAt } = event;
      const instances = exposure?.instances ?? [];
      const drain = { state: "overdue", reason, instances, exposure } as const;
      due.push({ at, inIncident: true, news: { kind: "not-rolled-back", cause, drain, flippedAt } });
    } else if (event.type === "drain-proven") {
      const { lastCanaryStart, probability, exposure, flippedAt, senders = [] } = event;
      const drain = { state: "proven", lastCanaryStart, provenAt: at, probability, exposure, senders } as const;
      const { decidedAt } = rollback;
      due.push({ at, inIncident: true, news: { kind: "drained", drain, decidedAt, flippedAt, returns, isAbandoned } });
    }
  }
  return due;
};

const rollbackNews = (state: MigrationState, entries: readonly LedgerEntry[]): readonly NoticeDue[] => {
  const found = causeOf(entries);
  if (state.rollback === null || found === null) return [];
  const isAbandoned = state.abandoned?.at === state.rollback.decidedAt;
  const flip = flipNews(found.cause, state.rollback, entries);
  // That it was given up is told already, and is no incident; that the flag does not follow is one.
  const flipped = isAbandoned && flip?.kind === "rolled-back" ? null : flip;
  return [
    ...(flipped === null ? [] : [{ at: found.at, inIncident: true, news: flipped }]),
    ...fallbackNews(found.cause, state.rollback, entries),
    ...drainNews(found.cause, state.rollback, entries, isAbandoned),
  ];
};

const decisionNews = (migration: Migration, entry: EntryOf<"decision">, place: NewsPlace): NoticeDue | null => {
  const { decision, judgement } = entry.event;
  const incident = { at: entry.at, inIncident: true };
  switch (decision.kind) {
    case "advance":
      return moved(decision.toStage, entry, decision.reason, place);
    case "pause": {
      if (decision.rule === SHADOW_RULE)
        return { ...incident, news: { kind: "shadow-stopped", reason: decision.reason } };
      const verdict = judgement?.verdicts.find((each) => each.rule === decision.rule);
      const share = stageShare(migration, place.stage);
      return verdict === undefined ? null : { ...incident, news: { kind: "paused", verdict, share } };
    }
    case "page":
      return {
        ...incident,
        news: {
          kind: "page",
          topic: decision.topic ?? decision.reason,
          reason: decision.reason,
          ...(decision.over === undefined ? {} : { over: decision.over }),
        },
      };
    case "rollback":
    case "continue":
      return null;
    default:
      return otherwise(decision, null);
  }
};

const startText = ({ held = [] }: Extract<LedgerEvent, { readonly type: "started" }>): string =>
  held.length === 0 ? "the migration started" : `what has to be in order before is not: ${held.join("; ")}`;

/** The news of one entry that concerns no rollback; null for entries people need no message about. */
const entryNews = (migration: Migration, entry: LedgerEntry, place: NewsPlace): NoticeDue | null => {
  const { event } = entry;
  switch (event.type) {
    case "started":
      return arrived(place.stage, entry, startText(event), place);
    case "command":
      return commandType(event.command)?.news({ ...entry, event }, place) ?? null;
    case "decision":
      return decisionNews(migration, { ...entry, event }, place);
    case "flip-intent":
    case "flip-result":
    case "flip-readback":
    case "drain-proven":
    case "drain-overdue":
    case "drain-reopened":
      // Told of by rollbackNews.
      return null;
    case "retirement": {
      const { type: _, ...ending } = event;
      return { at: entry.at, inIncident: false, news: { kind: "retiring", ...ending } };
    }
    case "revision-pending": {
      const { type: _, ...pending } = event;
      return { at: entry.at, inIncident: false, news: { kind: "revision-pending", ...pending } };
    }
    case "revision-gone": {
      const { type: _, ...gone } = event;
      return { at: entry.at, inIncident: false, news: { kind: "revision-gone", ...gone } };
    }
    case "approval-due": {
      const { stage, hold } = event;
      return { at: entry.at, inIncident: false, news: { kind: "approval-due", stage, hold } };
    }
    case "approval":
    case "revision-approval": {
      const { type: _, ...approval } = event;
      return { at: entry.at, inIncident: false, news: { kind: "half-approved", by: entry.by, ...approval } };
    }
    case "rehashed":
    case "document":
    case "triaged":
    case "labelled":
    case "standing":
    case "verdict":
    case "finding":
    case "notice":
    case "claim":
    case "delivery":
    case "silence":
    case "silence-ended":
      return null;
    case "drill-started":
    case "drill-drained":
    case "drill-ended":
    case "drill-restored":
      // Told of by drillNews.
      return null;
    default:
      return otherwise(event, null);
  }
};

/** Where the life at hand began: its start says so, a re-arming goes by the plan. */
const firstStage = (migration: Migration, { approvals }: MigrationState, entries: readonly LedgerEntry[]): number => {
  const [started] = entries.flatMap(({ event }) => (event.type === "started" ? [event.stage] : []));
  return started ?? entryStage(migration, approvals);
};

const stageAfter = (stage: number, { event }: LedgerEntry): number => {
  if (event.type === "command" && event.revision !== undefined) return event.revision.stage;
  if (event.type === "decision" && event.decision.kind === "advance") return Math.max(stage, event.decision.toStage);
  return event.type === "command" && event.command === "advance" ? Math.max(stage, (event.stage ?? stage) + 1) : stage;
};

/**
 * What people were called for and a person's command has ended: in its own incident, which a re-arming leaves. A drain that was
 * proven has ended it before.
 */
const closedNews = (
  migration: Migration,
  { since }: MigrationState,
  entries: readonly LedgerEntry[],
): readonly NoticeDue[] => {
  const closed: NoticeDue[] = [];
  let before = NOT_STARTED;
  for (const entry of entries) {
    const after = applyEntry(before, migration, entry);
    const { event, at, by, incident } = entry;
    if (event.type === "command" && at >= since && before.call !== null && after.call === null) {
      const { command, reason } = event;
      closed.push({ at, inIncident: true, incident, news: { kind: "closed", by, command, reason } });
    }
    before = after;
  }
  return closed;
};

/** A drill is told of as a rollback is: when the flag followed or did not, and when it is over, share and all. */
const drillNews = ({ drill: open }: MigrationState, entries: readonly LedgerEntry[]): readonly NoticeDue[] =>
  drillsOf(entries).flatMap((drill) => {
    const about = { inIncident: true, incident: drill.incident };
    const isTold = drill.confirmedAt !== null || drill.endedAt !== null;
    const isOver = drill.outcome !== null && open?.drill !== drill.drill;
    return [
      ...(isTold ? [{ ...about, at: drill.startedAt, news: { kind: "drilled", drill } as const }] : []),
      ...(isOver
        ? [{ ...about, at: drill.endedAt ?? drill.startedAt, news: { kind: "drill-over", drill } as const }]
        : []),
    ];
  });

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
  const { approvals } = state;
  const asksAfter = (stage: number): boolean => needsApproval(migration, { stage, approvals });
  let stage = firstStage(migration, state, current);
  const single = current.flatMap((entry) => {
    const due = entryNews(migration, entry, { stage, asksAfter });
    stage = stageAfter(stage, entry);
    return due === null ? [] : [due];
  });
  return [
    ...closedNews(migration, state, entries),
    ...single,
    ...drillNews(state, current),
    ...rollbackNews(state, current),
  ];
};
