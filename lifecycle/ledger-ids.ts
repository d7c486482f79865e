import { unreachable } from "../core/exhaustive.ts";
import type { Finding } from "../core/finding.ts";
import type { FlagState, FlagWrite } from "../core/flag.ts";
import type { Command } from "../core/ledger.ts";
import type { Route } from "../core/migration.ts";
import type { Standing } from "../core/standing.ts";
import type { Decision } from "../core/verdict.ts";
import type { RetirementEvent } from "./retirement-due.ts";
import type { MigrationState, OpenRollback } from "./state.ts";

/**
 * The ids of ledger entries. The same fact has the same id, on every try, in every agent and in every version: they are
 * what a repeated append, a second agent and an upgrade rest on, so that what is stored must never be made otherwise.
 * Those of a migration's life are keys within it, which `idInMigration` makes ids of; the others name what they are about.
 */
export const idInMigration = (migration: string, key: string): string => `${migration}:${key}`;

/** One life of a migration, from its start or a re-arming. */
type Life = Pick<MigrationState, "since">;

/** A migration starts once. */
export const startedKey = "started";

/** Once for every hash that a version calls the document. */
export const rehashedKey = (hash: string): string => `rehashed:${hash}`;

/** Once for every reading of a document, which `digest` tells from another of the same hash: that of other people. */
export const documentKey = (hash: string, digest: string): string => `document:${hash}:${digest}`;

/** `changedBy`: id of the entry after which the migration stands there. */
export const standingKey = (changedBy: string, standing: Standing): string => `standing:${changedBy}:${standing}`;

/** `nth`: which time it is that a document waits to be taken up, from 1; `hash` is that of the one that waits. */
export const revisionPendingKey = (nth: number, hash: string): string => `revision-pending:${nth}:${hash}`;

/** The end of that wait, once. */
export const revisionGoneKey = (nth: number, hash: string): string => `revision-gone:${nth}:${hash}`;

/** One stretch of a stage waits for an approval: told once while something else keeps it as well, and once when nothing does. */
export const approvalDueKey = (
  { since, stage, stageSince }: Pick<MigrationState, "since" | "stage" | "stageSince">,
  isHeld: boolean,
): string => `approval-due:${since}:${stage}:${stageSince}${isHeld ? ":held" : ""}`;

/** `nth` tells one command from the next of its kind in one life; left out where there is one at most. */
export const commandKey = ({ since }: Life, command: Command, nth?: number): string =>
  `command:${since}:${command}${nth === undefined ? "" : `:${nth}`}`;

/** Somebody approves where a life of the migration stands, once. */
export const approvalKey = ({ since, stage }: Pick<MigrationState, "since" | "stage">, by: string): string =>
  `approval:${since}:${stage}:${by}`;

/** Somebody approves taking a document up, once in a life of the migration. */
export const revisionApprovalKey = ({ since }: Life, hash: string, by: string): string =>
  `revision-approval:${since}:${hash}:${by}`;

/** The nth word of people on differences of shadow answers, in one life. */
export const triagedKey = ({ since }: Life, nth: number): string => `triaged:${since}:${nth}`;

/** A person's word on a pair that they read blind, in one life: one each. */
export const labelledKey = ({ since }: Life, pair: string, by: string): string => `labelled:${since}:${pair}:${by}`;

/** A decision that is one; `continue` is put on no record. */
export type MadeDecision = Exclude<Decision, { kind: "continue" }>;

const subjectOf = (decision: MadeDecision): string => {
  switch (decision.kind) {
    case "rollback":
      return "";
    case "pause":
      return `:${decision.rule}`;
    case "advance":
      return `:${decision.toStage}`;
    case "page":
      return `:${decision.topic ?? decision.reason}`;
    default:
      return unreachable(decision);
  }
};

/** The same decision, made again in one life, is the same fact. */
export const decisionKey = ({ since }: Life, decision: MadeDecision): string =>
  `decision:${since}:${decision.kind}${subjectOf(decision)}`;

/** A finding that stands first: a label that changes places with another is no news. */
export const findingKey = ({ since }: Life, { family, feature, segment, direction }: Finding): string =>
  ["finding", since, family, feature, segment, direction].join(":");

/**
 * `event`: how the drain of the rollback of that moment (epoch ms) ended; `returns`: how often canary calls had come back
 * after a proof until then.
 */
export const drainKey = (
  event: "drain-proven" | "drain-overdue" | "drain-reopened",
  { decidedAt, returns }: Pick<OpenRollback, "decidedAt" | "returns">,
): string => `${event}:${decidedAt}${returns === 0 ? "" : `:${returns}`}`;

/**
 * What a flip is for: each share, in each life, at each stage or after the rollback, and there anew whenever canary calls came
 * back after a proof; during a drill, and to restore the share after it. It is no entry's id by itself.
 */
export const flipKey = (
  state: Pick<MigrationState, "since" | "rollback" | "stage" | "revisions"> &
    Partial<Pick<MigrationState, "drill" | "drills">>,
  share: number,
): string => {
  const { since, rollback, stage, revisions = 0, drill = null, drills = 0 } = state;
  if (rollback !== null)
    return `flip:${since}:rollback:${share}${rollback.returns === 0 ? "" : `:${rollback.returns}`}`;
  if (drill !== null && drill.endedAt === null) return `flip:${since}:drill-${drills}:${share}`;
  // A revision may come back to a stage of before.
  const place = revisions === 0 ? `stage-${stage}` : `revision-${revisions}-stage-${stage}`;
  return `flip:${since}:${place}:${share}${drills === 0 ? "" : `:drill-${drills}`}`;
};

/** The number of a drill in its life, by what it is called. */
export const drillNumber = (drill: string): string => drill.split("-").at(-1) ?? "";

/**
 * The number of the drill that switches the flag off by this action, or its key; null for any other flip, also the one that restores
 * the share. The life in front of it is passed over: a clock that is set back moves what is stored.
 */
export const drillOfFlip = (action: string): string | null => /(?:^|:)flip:\d+:drill-(\d+):/.exec(action)?.[1] ?? null;

/** What the next drill of a life is called: two agents that are asked at once begin one. */
export const nextDrill = ({ since, drills }: Pick<MigrationState, "since" | "drills">): string =>
  `${since}-${drills + 1}`;

/** Each of these happens once to a drill. */
export const drillKey = (
  event: "drill-started" | "drill-drained" | "drill-ended" | "drill-restored",
  drill: string,
): string => `${event}:${drill}`;

/**
 * What a flip of a fallback is for; `flip` is the key of the route's own. A blind one, of a flag that could not be read, is
 * another: what it served before is on record with the first that knew it.
 */
export const fallbackKey = (flip: string, { target, flag }: Route, isBlind: boolean): string =>
  `${flip}:fallback:${target}/${flag}${isBlind ? ":blind" : ""}`;

/** A fallback that nobody has to restore any more, because it serves something; `key` is that of the flip that would. */
export const foundOnKey = (key: string): string => `found-on:${key}`;

/** A flag that was read to serve what a flip would set; `key` is that flip's. */
export const foundOffKey = (key: string): string => `found-off:${key}`;

/** `action` is the flip's, as in all three of its entries. */
export const flipIntentId = (action: string): string => `flip-intent:${action}`;

const factOf = (write: FlagWrite): string => {
  switch (write.outcome) {
    case "failed":
      return write.why;
    case "written":
    case "unchanged":
      return `${write.outcome}:${write.state.revision}`;
    default:
      return unreachable(write);
  }
};

/** A repeated write is a new entry only if it ended differently. */
export const flipResultId = (action: string, write: FlagWrite): string => `flip-result:${action}:${factOf(write)}`;

/** A repeated read-back is a new entry only if it says something else. */
export const flipReadbackId = (action: string, confirmed: boolean, { revision }: FlagState): string =>
  `flip-readback:${action}:${confirmed}:${revision}`;

/** A mark of a model's day is told once in a migration's life; another day is another. */
export const retirementKey = ({
  model,
  retires,
  withinDays,
}: Pick<RetirementEvent, "model" | "retires" | "withinDays">): string => `retirement:${model}:${retires}:${withinDays}`;

/** `notice` is the id of a notice, here and below. */
export const noticeId = (notice: string): string => `notice:${notice}`;

/** Attempts and turns count from 1. */
export const claimId = (notice: string, channel: string, attempt: number, turn: number): string =>
  `claim:${notice}:${channel}:${attempt}:${turn}`;

/** `silence` is what the silence is called. */
export const silenceId = (silence: string): string => `silence:${silence}`;

/** A silence ends before its time once. */
export const silenceEndedId = (silence: string): string => `silence-ended:${silence}`;

/** The entry that ends try number `attempt` of a notice through a channel. */
export const deliveryId = (notice: string, channel: string, attempt: number): string =>
  `delivery:${notice}:${channel}:${attempt}`;
