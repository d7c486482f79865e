import { withinOr } from "../async/within-or.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import type { Log } from "../core/log.ts";
import { claimId, deliveryId } from "../lifecycle/ledger-ids.ts";
import type { Parcel } from "./outbox.ts";

/** What the ledger says after a claim was handed to it. */
export interface LedgerClaim {
  /** The entry that is stored under the claim's id: the first one. Null when it cannot be seen yet. */
  readonly holder: LedgerEntry | null;
  /** Age of the holder by the database's own clock, ms. */
  readonly ageMs: number;
  /** The entry that ends the try, where there is one already. */
  readonly settled: LedgerEntry | null;
}

/**
 * Adds `claim` unless an entry of its id is stored, and reads back which one is; `settledBy` is the id of the entry that
 * ends the try. Of several at once exactly one is stored. Rejects when the ledger does not answer.
 */
export type ClaimLedger = (claim: LedgerEntry, settledBy: string) => Promise<LedgerClaim>;

/** Whose the next try of a parcel is. */
export type Turn =
  | { readonly whose: "ours" }
  /** Another agent's; after `waitMs` without an ending it is anybody's again. */
  | { readonly whose: "theirs"; readonly waitMs: number }
  /** It was made. */
  | { readonly whose: "over"; readonly entry: LedgerEntry };

/** How claims are made. Durations are ms. */
export interface ClaimSettings {
  /** Id of this run of the agent. */
  readonly owner: string;
  /** How long a try may take before its claim counts for nothing. */
  readonly takeoverMs: number;
  /** Longest wait for the ledger. Default 2 s. */
  readonly timeoutMs?: number;
  /** After a wait in vain nothing is claimed for this long. Default 10 s. */
  readonly pauseMs?: number;
}

const HANGS: unique symbol = Symbol("no answer in time");
const OURS: Turn = { whose: "ours" };

const turnOf = ({ holder, ageMs, settled }: LedgerClaim, { owner, takeoverMs }: ClaimSettings): Turn | "expired" => {
  if (settled !== null) return { whose: "over", entry: settled };
  if (holder?.event.type !== "claim") return { whose: "theirs", waitMs: takeoverMs };
  if (holder.event.owner === owner) return OURS;
  return ageMs >= takeoverMs ? "expired" : { whose: "theirs", waitMs: takeoverMs - ageMs };
};

/**
 * Claims tries in the ledger, so that of several agents on one store one makes each. While the ledger does not answer
 * every try is ours: people told twice is better than nobody told.
 */
export const createClaims = (
  settings: ClaimSettings,
  { claim, now, log }: { readonly claim: ClaimLedger; readonly now: () => number; readonly log: Log },
): ((parcel: Parcel) => Promise<Turn>) => {
  const { owner, timeoutMs = 2_000, pauseMs = 10_000 } = settings;
  let [pausedUntil, isAway] = [Number.NEGATIVE_INFINITY, false];

  const claimEntry = ({ notice, channel, incident, attempts }: Parcel, turn: number): LedgerEntry => {
    const attempt = attempts + 1;
    return {
      id: claimId(notice.id, channel, attempt, turn),
      at: now(),
      migration: notice.migration,
      by: "agent",
      incident,
      event: { type: "claim", notice: notice.id, channel, attempt, turn, owner },
    };
  };

  const ask = async (parcel: Parcel, turn: number): Promise<LedgerClaim | null> => {
    const settledBy = deliveryId(parcel.notice.id, parcel.channel, parcel.attempts + 1);
    try {
      const answer = await withinOr(timeoutMs, claim(claimEntry(parcel, turn), settledBy), HANGS);
      if (answer !== HANGS) return answer;
      pausedUntil = now() + pauseMs;
    } catch {
      // The writer of the ledger says what is wrong with it.
    }
    return null;
  };

  return async (parcel) => {
    if (now() < pausedUntil) return OURS;
    for (let turn = 1; ; turn++) {
      const answer = await ask(parcel, turn);
      if (answer === null && !isAway)
        log.warn("notices are delivered without a claim while the ledger is away; another agent may repeat them");
      isAway = answer === null;
      if (answer === null) return OURS;
      const found = turnOf(answer, settings);
      if (found !== "expired") return found;
    }
  };
};
