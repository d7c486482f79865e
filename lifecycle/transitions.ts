import { otherwise } from "../core/exhaustive.ts";
import type { FlagWrite } from "../core/flag.ts";
import type { LedgerEntry, LedgerEvent } from "../core/ledger.ts";
import type { Migration } from "../core/migration.ts";
import type { Decision } from "../core/verdict.ts";
import { revisersOf } from "./approver.ts";
import { commandType } from "./commands/commands.ts";
import { fallbackDown, fallbackRestored, fallbackTried } from "./fallbacks.ts";
import { mayDrill } from "./may-drill.ts";
import { advancedTo, applyToRollback, called, callOver, drillFlipped, drillOver, heldUp, rolledBack } from "./moves.ts";
import { type MigrationState, NOT_STARTED } from "./state.ts";
import { isStuckTopic } from "./stuck-topic.ts";

/** What a transition knows beside the state and its event. */
interface Surroundings {
  readonly migration: Migration;
  readonly entry: LedgerEntry;
}

type Transition<Fact> = (state: MigrationState, fact: Fact, surroundings: Surroundings) => MigrationState;

type DecisionTable = {
  readonly [Kind in Decision["kind"]]: Transition<Extract<Decision, { readonly kind: Kind }>>;
};

type EventTable = {
  readonly [Type in LedgerEvent["type"]]: Transition<Extract<LedgerEvent, { readonly type: Type }>>;
};

/** For what only tells. */
const stays: Transition<unknown> = (state) => state;

/** True for a write after which the flag serves no canary. */
const servesNone = (write: FlagWrite): boolean => {
  switch (write.outcome) {
    case "written":
    case "unchanged":
      return write.state.share <= 0;
    case "failed":
      return false;
    default:
      return otherwise(write, false);
  }
};

/** What each decision does to the state. */
const DECISIONS: DecisionTable = {
  continue: stays,
  rollback: (state, _decision, { migration, entry }) => rolledBack(state, migration, entry),
  pause: (state, { rule }, { entry: { at } }) => ({
    ...called(state, at, false),
    isPaused: true,
    pausedFor: [...state.pausedFor, rule],
  }),
  advance: (state, { toStage }, { migration, entry }) => advancedTo(state, migration, toStage, entry.at),
  page: (state, { topic, reason, over }, { entry: { at } }) => {
    const call = isStuckTopic(topic ?? "") ? heldUp(state, at) : called(state, at, true);
    const next = over === undefined ? call : over === "all" ? callOver(state) : state;
    return { ...next, pagedFor: [...state.pagedFor, topic ?? reason] };
  },
};

/** What a newer version wrote, and this one does not know, leaves the state as it is. */
const applyDecision: Transition<Decision> = (state, decision, surroundings) =>
  Object.hasOwn(DECISIONS, decision.kind)
    ? (DECISIONS[decision.kind] as Transition<Decision>)(state, decision, surroundings)
    : state;

/** What each entry of the ledger does to the state: the whole life of a migration. */
const EVENTS: EventTable = {
  started: (state, { hash, stage, approvals = "leaving", asksDrill }, { entry: { at } }) => {
    if (state.hash !== null) return state;
    const begun = { ...state, hash, startedWith: hash, since: at, stageSince: at, stage, approvals };
    return asksDrill === true ? { ...begun, asksDrill } : begun;
  },
  rehashed: (state, { hash }) => (state.hash === null ? state : { ...state, hash }),
  command: (state, event, { migration, entry }) =>
    commandType(event.command)?.apply(state, migration, { ...entry, event }) ?? state,
  decision: (state, { decision }, surroundings) => applyDecision(state, decision, surroundings),
  // What a fallback answers counts when it was read back: the deadline of the drain does not wait for one that lies.
  "flip-result": (state, { write, fallback }, { entry }) => {
    if (fallback !== undefined || !servesNone(write)) return state;
    if (state.rollback === null) return drillFlipped(state, entry.at, false);
    return state.rollback.flippedAt === null ? applyToRollback(state, { flippedAt: entry.at }) : state;
  },
  // A flag found off (somebody was faster, or the result was lost in a crash) counts as flipped when it was read.
  "flip-readback": (state, event, { entry }) => {
    const { confirmed, state: found, fallback } = event;
    if (!confirmed) return state;
    if (fallback !== undefined && found.share > 0) return fallbackRestored(state, fallback);
    if (found.share > 0) return state;
    if (state.rollback === null && fallback === undefined) return drillFlipped(state, entry.at, true);
    const flippedAt = state.rollback?.flippedAt ?? entry.at;
    return fallback === undefined
      ? applyToRollback(state, { isConfirmed: true, flippedAt })
      : applyToRollback(fallbackDown(state, fallback), { flippedAt });
  },
  "drain-proven": (state, { exposure, senders = [] }) =>
    applyToRollback(state.rollback === null ? state : callOver(state), {
      drain: "proven",
      provenUntil: exposure.until,
      provenSenders: senders,
    }),
  // The proof was of that time; what is served now is not the baseline alone.
  "drain-reopened": (state, _event, { entry: { at } }) =>
    state.rollback?.drain === "proven"
      ? applyToRollback(called(state, at, true), { drain: "overdue", returns: state.rollback.returns + 1 })
      : state,
  "drain-overdue": (state, _event, { entry: { at } }) =>
    state.rollback === null ? state : applyToRollback(called(state, at, true), { drain: "overdue" }),
  // Whatever it found when it was put on record: of an agent that did not know of an incident yet, nothing begins;
  // its name is taken all the same, and the next one is called otherwise.
  "drill-started": (state, { drill, owner, until }, { entry: { at } }) =>
    mayDrill(state)
      ? {
          ...state,
          drills: state.drills + 1,
          drill: { drill, owner, startedAt: at, until, flippedAt: null, isConfirmed: false, endedAt: null },
        }
      : state.drill === null
        ? { ...state, drills: state.drills + 1 }
        : state,
  "drill-drained": stays,
  "drill-ended": (state, { drill }, { entry: { at } }) => (state.drill?.drill === drill ? drillOver(state, at) : state),
  "drill-restored": (state, { drill, settledAt }) =>
    state.drill?.drill === drill ? { ...state, drill: null, routedSince: settledAt } : state,
  document: stays,
  // One of the two that four eyes take: it lets nothing move by itself.
  approval: (state, { stage }, { entry: { by } }) =>
    stage !== state.stage || state.approvedBy.includes(by)
      ? state
      : { ...state, approvedBy: [...state.approvedBy, by] },
  "revision-approval": (state, { hash }, { entry: { by } }) =>
    revisersOf(state, hash).includes(by)
      ? state
      : { ...state, revisionApprovals: [...(state.revisionApprovals ?? []), { hash, by }] },
  standing: stays,
  verdict: stays,
  finding: stays,
  "flip-intent": (state, { fallback, share, before }) =>
    fallback === undefined || share > 0 ? state : fallbackTried(state, fallback, before ?? null),
  retirement: stays,
  "revision-pending": stays,
  "revision-gone": stays,
  "approval-due": stays,
  notice: stays,
  claim: stays,
  delivery: stays,
  silence: stays,
  triaged: stays,
  labelled: stays,
  "silence-ended": stays,
};

/** The state after one more entry. What a newer version wrote and this one does not know leaves it as it is. */
export const applyEntry = (state: MigrationState, migration: Migration, entry: LedgerEntry): MigrationState =>
  Object.hasOwn(EVENTS, entry.event.type)
    ? (EVENTS[entry.event.type] as Transition<LedgerEvent>)(state, entry.event, { migration, entry })
    : state;

/** A folded ledger. */
export interface Fold {
  readonly state: MigrationState;
  /** Id of the last entry that changed the state; empty while none has. */
  readonly changedBy: string;
}

/** Folds a migration's ledger, oldest entry first, and says which entry last changed something. */
export const foldWithCause = (migration: Migration, entries: readonly LedgerEntry[]): Fold =>
  entries.reduce<Fold>(
    (fold, entry) => {
      const state = applyEntry(fold.state, migration, entry);
      return state === fold.state ? fold : { state, changedBy: entry.id };
    },
    { state: NOT_STARTED, changedBy: "" },
  );

/** Folds a migration's ledger, oldest entry first. */
export const foldLedger = (migration: Migration, entries: readonly LedgerEntry[]): MigrationState =>
  foldWithCause(migration, entries).state;
