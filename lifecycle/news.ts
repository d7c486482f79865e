import type { FlipResult } from "../core/flag.ts";
import type { Command, Exposure, LedgerEntry } from "../core/ledger.ts";
import type { Route } from "../core/migration.ts";
import type { Verdict } from "../core/verdict.ts";
import type { DrainState } from "./drain.ts";
import type { Drill } from "./drills.ts";
import type { RevisionPending } from "./pending-revision.ts";
import type { RetirementEvent } from "./retirement-due.ts";

/** Why a rollback was decided: a breached rule, or a person. */
export type RollbackCause = { readonly verdict: Verdict } | { readonly by: string; readonly reason: string };

type Confirmed = Extract<FlipResult, { readonly outcome: "confirmed" }>;

/** What people have to be told, without its words. */
export type NewsDue =
  /**
   * The migration came to a stage, as index: -1 when the first waits for its approval, the number of stages when the last is
   * over. `asks`: a person has to approve what comes next.
   */
  | {
      readonly kind: "arrived";
      readonly stage: number;
      readonly by: string;
      readonly reason: string;
      readonly asks: boolean;
    }
  /** The ramp stopped; the canary keeps its share, 0-1. */
  | { readonly kind: "paused"; readonly verdict: Verdict; readonly share: number }
  /** Answers of the shadow are worse than its document allows: it stopped. */
  | { readonly kind: "shadow-stopped"; readonly reason: string }
  /** `over`: as of the decision. */
  | { readonly kind: "page"; readonly topic: string; readonly reason: string; readonly over?: "this" | "all" }
  /** A person is at the open incident; `reason` is empty where they gave none. */
  | { readonly kind: "acknowledged"; readonly by: string; readonly reason: string }
  /** A person's command ended the incident: the ramp goes on after a pause, or it is re-armed without a proof. */
  | { readonly kind: "closed"; readonly by: string; readonly command: Command; readonly reason: string }
  /** A model of the migration is retired soon, or is. */
  | ({ readonly kind: "retiring" } & Omit<RetirementEvent, "type">)
  /** The document on disk says something else than the one in force, and waits for a person. */
  | ({ readonly kind: "revision-pending" } & Omit<RevisionPending, "type">)
  /** It is not there any more, and was not taken up. */
  | { readonly kind: "revision-gone"; readonly nth: number; readonly hash: string; readonly file: string }
  /** A later stage waits for an approval; `hold`: what else keeps it, empty = nothing. */
  | { readonly kind: "approval-due"; readonly stage: number; readonly hold: string }
  /** One of two people who have to approve did: going on from a stage, as index (-1 = before the first), or a document. */
  | ({ readonly kind: "half-approved"; readonly by: string; readonly reason: string } & (
      | { readonly stage: number }
      | { readonly hash: string }
    ))
  /** A person gave the migration up: the flag is to go to 0. */
  | { readonly kind: "abandoned"; readonly by: string; readonly reason: string }
  /** The flag system itself confirms that the canary is off. `shareBefore`: 0-1. */
  | {
      readonly kind: "rolled-back";
      readonly cause: RollbackCause;
      readonly shareBefore: number;
      readonly flip: Confirmed;
    }
  /** A rollback was decided and the flag did not follow. */
  | {
      readonly kind: "rollback-failed";
      readonly cause: RollbackCause;
      readonly shareBefore: number;
      readonly flip: Exclude<FlipResult, Confirmed>;
    }
  /** The flag did not follow, and a fallback was tried: it is down, or has its own `problem`. Nothing is proven by either. */
  | {
      readonly kind: "fell-back";
      readonly cause: RollbackCause;
      readonly fallback: Route;
      readonly isDown: boolean;
      readonly problem: string;
    }
  /** The flag is off and canary calls did not provably stop. */
  | {
      readonly kind: "not-rolled-back";
      readonly cause: RollbackCause;
      readonly drain: Extract<DrainState, { readonly state: "overdue" }>;
      readonly flippedAt: number;
    }
  /** Canary calls that started after the proof; `returns` counts from 1. */
  | {
      readonly kind: "canary-returned";
      readonly cause: RollbackCause;
      readonly exposure: Exposure;
      readonly returns: number;
    }
  /** A drill has the flag off, or could not switch it off. */
  | { readonly kind: "drilled"; readonly drill: Drill }
  /** A drill is over. */
  | { readonly kind: "drill-over"; readonly drill: Drill }
  /** The spans prove that canary calls stopped; `returns`: how often they had come back after a proof before. */
  | {
      readonly kind: "drained";
      readonly drain: Extract<DrainState, { readonly state: "proven" }>;
      readonly decidedAt: number;
      readonly flippedAt: number;
      readonly returns: number;
      /** The migration was given up. Default: false. */
      readonly isAbandoned?: boolean;
    };

/** One piece of news. Times are epoch ms. */
export interface NoticeDue {
  /** When it happened: the moment of the decision, which every replica shares. */
  readonly at: number;
  /** True for what belongs to the incident at hand; false for what happens outside one. */
  readonly inIncident: boolean;
  /** The incident it belongs to, where that is not the one at hand. */
  readonly incident?: string;
  readonly news: NewsDue;
}

/** Where an entry finds the migration, and whether a person has to approve what comes after a stage. */
export interface NewsPlace {
  /** Index of the stage before the entry. */
  readonly stage: number;
  readonly asksAfter: (stage: number) => boolean;
}

/** The migration came to `stage`. */
export const arrived = (
  stage: number,
  { by, at }: LedgerEntry,
  reason: string,
  { asksAfter }: Pick<NewsPlace, "asksAfter">,
): NoticeDue => ({
  at,
  inIncident: false,
  news: { kind: "arrived", stage, by, reason, asks: asksAfter(stage) },
});

/** Null for an advance that was made already: a person's and the agent's own, at once. */
export const moved = (stage: number, entry: LedgerEntry, reason: string, place: NewsPlace): NoticeDue | null =>
  stage <= place.stage ? null : arrived(stage, entry, reason, place);
