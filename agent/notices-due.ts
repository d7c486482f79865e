import { drainedNotice, notRolledBackNotice } from "../alerts/drain-notices.ts";
import { finishNotice, type NoticeContext } from "../alerts/notice-draft.ts";
import {
  pageNotice,
  pauseNotice,
  type RollbackCause,
  type RolledBackFlag,
  rollbackFailedNotice,
  rollbackNotice,
  stageNotice,
} from "../alerts/notices.ts";
import { otherwise } from "../core/exhaustive.ts";
import type { LedgerEntry, LedgerEvent } from "../core/ledger.ts";
import { type Migration, shortHash } from "../core/migration.ts";
import type { Notice } from "../core/notice.ts";
import { type MigrationState, type OpenRollback, stageShare } from "../detectors/history.ts";
import { percentText } from "./status/percent-text.ts";

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

const flipNotice = (
  context: NoticeContext,
  cause: RollbackCause,
  rollback: OpenRollback,
  entries: readonly LedgerEntry[],
): Notice | null => {
  const { route } = context.migration;
  const flag: RolledBackFlag = { ...route, shareBefore: rollback.shareBefore };
  const results = entries.filter(isEvent("flip-result")).filter(({ at }) => at >= rollback.decidedAt);
  const readback = entries.filter(isEvent("flip-readback")).findLast(({ at }) => at >= rollback.decidedAt);
  if (rollback.isConfirmed && readback !== undefined) {
    const wrote = results.some(({ event }) => event.write.outcome === "written");
    const flippedAt = rollback.flippedAt ?? readback.at;
    return rollbackNotice(context, cause, flag, {
      outcome: "confirmed",
      state: readback.event.state,
      flippedAt,
      wrote,
    });
  }
  const last = results.at(-1);
  if (last === undefined) return null;
  const { write } = last.event;
  if (write.outcome === "failed") return rollbackFailedNotice(context, cause, flag, write);
  const state = readback?.event.state ?? null;
  const found = state === null ? "it could not be read back" : `the flag reads ${percentText(state.share)}`;
  const flippedAt = rollback.flippedAt ?? last.at;
  return rollbackFailedNotice(context, cause, flag, {
    outcome: "unconfirmed",
    state,
    why: `written as 0%, but ${found}`,
    flippedAt,
  });
};

const drainNotices = (
  context: Omit<NoticeContext, "at">,
  rollback: OpenRollback,
  entries: readonly LedgerEntry[],
): readonly Notice[] => {
  const notices: Notice[] = [];
  for (const { event, at } of entries) {
    if (at < rollback.decidedAt) continue;
    if (event.type === "drain-overdue") {
      const { reason, exposure, flippedAt } = event;
      const instances = exposure?.instances ?? [];
      const drain = { state: "overdue", reason, instances, measureFrom: flippedAt, exposure } as const;
      notices.push(notRolledBackNotice({ ...context, at }, drain, flippedAt));
    } else if (event.type === "drain-proven") {
      const { lastCanaryStart, probability, exposure, flippedAt } = event;
      const drain = { state: "proven", lastCanaryStart, provenAt: at, probability, exposure } as const;
      notices.push(drainedNotice({ ...context, at }, { decidedAt: rollback.decidedAt, flippedAt, drain }));
    }
  }
  return notices;
};

const rollbackNotices = (
  context: Omit<NoticeContext, "at">,
  state: MigrationState,
  entries: readonly LedgerEntry[],
): readonly Notice[] => {
  const found = causeOf(entries);
  if (state.rollback === null || found === null) return [];
  const flipped = flipNotice({ ...context, at: found.at }, found.cause, state.rollback, entries);
  return [...(flipped === null ? [] : [flipped]), ...drainNotices(context, state.rollback, entries)];
};

/** `stage`: the last stage is over. Its share stays, so that a live baseline remains to compare with. */
const doneNotice = (context: NoticeContext, by: string, reason: string): Notice => {
  const { name, stages } = context.migration;
  const share = percentText(stageShare(context.migration, stages.length));
  return finishNotice(context, {
    type: "stage",
    id: `${name}@${shortHash(context.startedWith, 8)}/stage/done/${context.at}`,
    title: `${name}: done, the candidate keeps ${share}`,
    summary: [
      `The last of ${stages.length} stages is over; the candidate keeps ${share} of the traffic.`,
      `By ${by}: ${reason}.`,
    ],
    facts: [["Canary share", share]],
  });
};

const arrivalNotice = (
  context: NoticeContext,
  move: { readonly stage: number; readonly by: string; readonly reason: string },
): Notice =>
  move.stage < context.migration.stages.length ? stageNotice(context, move) : doneNotice(context, move.by, move.reason);

/** Null for an advance that was made already: a person's and the agent's own, at once. */
const movedNotice = (
  context: NoticeContext,
  from: number,
  move: { readonly stage: number; readonly by: string; readonly reason: string },
): Notice | null => (move.stage <= from ? null : arrivalNotice(context, move));

/** A rollback is told of when the flag follows, by rollbackNotices; who pauses or resumes knows it. */
const commandNotice = (context: NoticeContext, { event, by }: EntryOf<"command">, stage: number): Notice | null => {
  const { command, reason } = event;
  const quiet = { ...context, incident: "" };
  switch (command) {
    case "rearm":
      return arrivalNotice(quiet, { stage: 0, by, reason });
    case "advance":
      return movedNotice(quiet, stage, { stage: (event.stage ?? stage) + 1, by, reason });
    case "rollback":
    case "pause":
    case "resume":
      return null;
    default:
      return otherwise(command, null);
  }
};

const decisionNotice = (context: NoticeContext, { event, by }: EntryOf<"decision">, stage: number): Notice | null => {
  const { decision, judgement } = event;
  const { migration } = context;
  switch (decision.kind) {
    case "advance":
      return movedNotice({ ...context, incident: "" }, stage, { stage: decision.toStage, by, reason: decision.reason });
    case "pause": {
      const verdict = judgement?.verdicts.find((each) => each.rule === decision.rule);
      return verdict === undefined ? null : pauseNotice(context, verdict, stageShare(migration, stage));
    }
    case "page":
      return pageNotice(context, {
        topic: decision.topic ?? decision.reason,
        title: `${migration.name}: ${decision.reason}`,
        summary: decision.reason,
      });
    case "rollback":
    case "continue":
      return null;
    default:
      return otherwise(decision, null);
  }
};

/** The notice of one entry that concerns no rollback; null for entries people need no message about. */
const entryNotice = (context: NoticeContext, entry: LedgerEntry, stage: number): Notice | null => {
  const { event, by } = entry;
  switch (event.type) {
    case "started":
      return stageNotice({ ...context, incident: "" }, { stage, by, reason: "the migration started" });
    case "command":
      return commandNotice(context, { ...entry, event }, stage);
    case "decision":
      return decisionNotice(context, { ...entry, event }, stage);
    case "flip-intent":
    case "flip-result":
    case "flip-readback":
    case "drain-proven":
    case "drain-overdue":
      // Told of by rollbackNotices.
      return null;
    case "rehashed":
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
 * Every notice that the ledger calls for since the start or the last re-arming, oldest first. A function of the
 * ledger, so that a crash between an act and its message loses no message; ids are stable, and a known one is not
 * sent again. Pure.
 */
export const noticesDue = (
  migration: Migration,
  state: MigrationState,
  entries: readonly LedgerEntry[],
  { incident, link }: { readonly incident: string; readonly link: string },
): readonly Notice[] => {
  const current = entries.filter(({ at }) => at >= state.since);
  const context = { migration, incident, startedWith: state.startedWith ?? migration.hash, link };
  let stage = 0;
  const single = current.flatMap((entry) => {
    const notice = entryNotice({ ...context, at: entry.at }, entry, stage);
    stage = stageAfter(stage, entry);
    return notice === null ? [] : [notice];
  });
  return [...single, ...rollbackNotices(context, state, current)];
};
