import type { FlipResult } from "../core/flag.ts";
import type { Exposure, LedgerEntry } from "../core/ledger.ts";
import type { Verdict } from "../core/verdict.ts";
import type { DrainState } from "./drain.ts";

/** Why a rollback was decided: a breached rule, or a person. */
export type RollbackCause = { readonly verdict: Verdict } | { readonly by: string; readonly reason: string };

type Confirmed = Extract<FlipResult, { readonly outcome: "confirmed" }>;

/** What people have to be told, without its words. */
export type NewsDue =
  /** The migration came to a stage, as index; equal to the number of stages when the last one is over. */
  | { readonly kind: "arrived"; readonly stage: number; readonly by: string; readonly reason: string }
  /** The ramp stopped; the canary keeps its share, 0-1. */
  | { readonly kind: "paused"; readonly verdict: Verdict; readonly share: number }
  | { readonly kind: "page"; readonly topic: string; readonly reason: string }
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
  /** The flag is off and canary calls did not provably stop. */
  | {
      readonly kind: "not-rolled-back";
      readonly drain: Extract<DrainState, { readonly state: "overdue" }>;
      readonly flippedAt: number;
    }
  /** Canary calls that started after the proof; `returns` counts from 1. */
  | { readonly kind: "canary-returned"; readonly exposure: Exposure; readonly returns: number }
  /** The spans prove that canary calls stopped; `returns`: how often they had come back after a proof before. */
  | {
      readonly kind: "drained";
      readonly drain: Extract<DrainState, { readonly state: "proven" }>;
      readonly decidedAt: number;
      readonly flippedAt: number;
      readonly returns: number;
    };

/** One piece of news. Times are epoch ms. */
export interface NoticeDue {
  /** When it happened: the moment of the decision, which every replica shares. */
  readonly at: number;
  /** True for what belongs to the incident at hand; false for what happens outside one. */
  readonly inIncident: boolean;
  readonly news: NewsDue;
}

/** The migration came to `stage`. */
export const arrived = (stage: number, { by, at }: LedgerEntry, reason: string): NoticeDue => ({
  at,
  inIncident: false,
  news: { kind: "arrived", stage, by, reason },
});

/** Null for an advance that was made already: a person's and the agent's own, at once. */
export const moved = (from: number, stage: number, entry: LedgerEntry, reason: string): NoticeDue | null =>
  stage <= from ? null : arrived(stage, entry, reason);
