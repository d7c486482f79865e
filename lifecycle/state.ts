import type { Audience, Exposure } from "../core/audience.ts";
import type { ProvenSender } from "../core/ledger.ts";
import type { ApprovalMeaning, Migration, Route } from "../core/migration.ts";
import { audienceOfStage, shareOfStage } from "./stages.ts";

/** A fallback of the route that was tried in a rollback. */
export interface UsedFallback extends Route {
  /** True once its flag system, read back, serves no canary. */
  readonly isDown: boolean;
}

/** A fallback that a rollback switched off, and that has to be what it was when the migration is re-armed. */
export interface UnrestoredFallback extends Route {
  /** Canary share it served before, 0-1; null = it could not be read. */
  readonly before: number | null;
}

/** A rollback from its decision to the proof that canary traffic stopped. */
export interface OpenRollback {
  readonly incident: string;
  readonly decidedAt: number;
  /** Canary share at the moment of the decision, 0-1. */
  readonly shareBefore: number;
  /** When the flag system took the write, epoch ms; null before. */
  readonly flippedAt: number | null;
  /** True once the flag system, read back, serves no canary. */
  readonly isConfirmed: boolean;
  readonly drain: "pending" | "overdue" | "proven";
  /** Up to when the spans prove that there was no canary call, epoch ms; null before the first proof. */
  readonly provenUntil: number | null;
  /** Who was proven silent, each until a moment by its own clock; empty before, and of earlier versions' proofs. */
  readonly provenSenders: readonly ProvenSender[];
  /** How often canary calls came back after a proof. */
  readonly returns: number;
  /** True where it was decided while a drill had the flag off, or was restoring it; left out = false. */
  readonly cutsDrill?: boolean;
  /** Tried in this rollback, in the order of their first try. */
  readonly fallbacks: readonly UsedFallback[];
}

/** A drill under way, from its start until the flag serves the stage's share again. Times are epoch ms. */
export interface OpenDrill {
  readonly drill: string;
  /** Id of the agent's run that carries it out. */
  readonly owner: string;
  readonly startedAt: number;
  /** When it is over at the latest. */
  readonly until: number;
  /** When the flag system took the write; null before. */
  readonly flippedAt: number | null;
  /** True once the flag system, read back, served no canary. */
  readonly isConfirmed: boolean;
  /** From when on the share is to be restored; null before. */
  readonly endedAt: number | null;
}

/** What people are called for: the newest of it that nobody has ended yet. */
export interface OpenCall {
  /** When it was decided or seen, epoch ms. */
  readonly at: number;
  /** True where it is told as critical: a rollback, its missing proof, a page. A pause is not. */
  readonly isCritical: boolean;
  /** True where all of it is that a stage does not end; left out = false. What is served is in order, and may be drilled. */
  readonly isHold?: true;
  /** Who said that they are at it; null = nobody yet. */
  readonly acknowledged: { readonly by: string; readonly at: number } | null;
}

/** Where a migration stands: a fold of its ledger, nothing else. */
export interface MigrationState {
  /** What the migration's document is known by; null before it started. */
  readonly hash: string | null;
  /** The hash it was started with: ids are made of it, so it stays what it was when a newer version calls it otherwise. */
  readonly startedWith: string | null;
  /** Judgement counts from here: the start, or the last re-arming. Epoch ms. */
  readonly since: number;
  /** Rules are judged by what came from here on, where a revision changed what is judged, or a stage began that is for other people; missing = by all since `since`. Epoch ms. */
  readonly judgedSince?: number;
  /** Revisions that were taken up since then; missing = none. */
  readonly revisions?: number;
  /** What approvals guard in it. */
  readonly approvals: ApprovalMeaning;
  /** True where more traffic waits for a drill that is not old; missing = it does not. */
  readonly asksDrill?: boolean;
  /** Index of the stage; -1 while the first waits for its approval, the number of stages once the last one is done. */
  readonly stage: number;
  readonly stageSince: number;
  readonly isPaused: boolean;
  /** Who started this life or gave it another document, where a token proves it: not the agent, which takes documents up by itself. Their approval is no other's. */
  readonly askedBy: readonly string[];
  /** Who approved leaving where it stands, and was not enough. */
  readonly approvedBy: readonly string[];
  /** Who approved taking which changed document up, the first one first, where one word was not enough; left out = nobody. */
  readonly revisionApprovals?: readonly { readonly hash: string; readonly by: string }[];
  /** After a rollback exposure can only go down until a person re-arms. */
  readonly rollback: OpenRollback | null;
  /** Who gave the migration up, and when: it stays down for good. Null = nobody. */
  readonly abandoned: { readonly by: string; readonly at: number } | null;
  /** Fallbacks that are off because of a rollback, of this life or an earlier one. */
  readonly unrestored: readonly UnrestoredFallback[];
  /** Rules that have paused this migration; a rule pauses once, then it is a person's call. */
  readonly pausedFor: readonly string[];
  /** Topics people were already paged for. */
  readonly pagedFor: readonly string[];
  /** Null while people are called for nothing: before anything happened, after a proven drain, after a re-arming. */
  readonly call: OpenCall | null;
  /** Null while there is none, and after a rollback. */
  readonly drill: OpenDrill | null;
  /** How many drills began since the start or the last re-arming. */
  readonly drills: number;
  /** From when on apps go by the share that a drill restored, epoch ms; 0 = there was none. */
  readonly routedSince: number;
}

/** The state before the first entry. */
export const NOT_STARTED: MigrationState = {
  hash: null,
  startedWith: null,
  since: 0,
  approvals: "entry",
  stage: 0,
  stageSince: 0,
  isPaused: false,
  askedBy: [],
  approvedBy: [],
  rollback: null,
  abandoned: null,
  unrestored: [],
  pausedFor: [],
  pagedFor: [],
  call: null,
  drill: null,
  drills: 0,
  routedSince: 0,
};

/** Canary share of a stage, 0-1: nothing before the first, and after the last its share stays (and with it the holdback). */
export const stageShare = ({ stages }: Migration, stage: number): number => {
  const last = stages[Math.min(stage, stages.length - 1)];
  return last === undefined ? 0 : shareOfStage(last);
};

/** Whom a stage's share is for; null = everybody, and before the first stage; after the last its audience stays, as its share does. */
export const stageAudience = ({ stages }: Migration, stage: number): Audience | null =>
  audienceOfStage(stages[Math.min(stage, stages.length - 1)]);

/** True while a drill keeps the canary off. */
export const isDrilledDown = ({ drill, rollback }: Pick<MigrationState, "drill" | "rollback">): boolean =>
  rollback === null && drill !== null && drill.endedAt === null;

/** True from the start of a drill until its share is restored, but not beyond its time: `now` is epoch ms. */
export const isDrilling = ({ drill }: Pick<MigrationState, "drill">, now: number): boolean =>
  drill !== null && now < drill.until;

/** The share the flag should serve: the stage's, and nothing after a rollback or during a drill. */
export const desiredShare = (migration: Migration, state: MigrationState): number =>
  state.hash === null || state.rollback !== null || isDrilledDown(state) ? 0 : stageShare(migration, state.stage);

/** What the flag should serve, and to whom. */
export const desiredExposure = (migration: Migration, state: MigrationState): Exposure => ({
  share: desiredShare(migration, state),
  audience: desiredAudience(migration, state),
});

/** Whom the flag should serve its share to: null = everybody, and where it should serve none. */
export const desiredAudience = (migration: Migration, state: MigrationState): Audience | null =>
  desiredShare(migration, state) > 0 ? stageAudience(migration, state.stage) : null;

/** The share that calls are judged by: none as long as a drill has not restored it, when silence is to be expected of the canary. */
export const judgedShare = (migration: Migration, state: MigrationState): number =>
  state.drill === null ? desiredShare(migration, state) : 0;

/** From when on calls are judged: the start, the last re-arming, the last revision that changed what is judged, or the stage that is for other people than the one before it. Epoch ms. */
export const judgedFrom = ({ since, judgedSince = since }: Pick<MigrationState, "since" | "judgedSince">): number =>
  judgedSince;
