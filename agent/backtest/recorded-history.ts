import { otherwise } from "../../core/exhaustive.ts";
import type { LedgerEntry } from "../../core/ledger.ts";
import type { Migration } from "../../core/migration.ts";
import type { Decision } from "../../core/verdict.ts";
import { NOT_STARTED } from "../../lifecycle/state.ts";
import { applyEntry } from "../../lifecycle/transitions.ts";

/** One stretch of judging, from a start or a re-arming to the next: evidence does not reach beyond it. */
export interface Life {
  /** Epoch ms. Ticks that end after this moment and at or before `until` belong to it. */
  readonly since: number;
  readonly until: number;
}

/** True for a decision that moved the traffic up: the calls of a replay were made under it, when it was made. */
export const isGivenDecision = (decision: Decision): boolean => {
  switch (decision.kind) {
    case "advance":
      return true;
    case "continue":
    case "pause":
    case "rollback":
    case "page":
      return false;
    default:
      return otherwise(decision, false);
  }
};

/**
 * True for what moved the traffic or was a person's word: the start, commands, advances. A replay takes these as they
 * were, because the calls it judges were made under them. What the agent decided otherwise is for the replay to decide.
 */
export const isGiven = ({ event }: LedgerEntry): boolean => {
  switch (event.type) {
    case "started":
    case "rehashed":
    case "command":
    case "drill-started":
    case "drill-ended":
    case "drill-restored":
      return true;
    case "decision":
      return isGivenDecision(event.decision);
    case "document":
    case "standing":
    case "verdict":
    case "finding":
    case "flip-intent":
    case "flip-result":
    case "flip-readback":
    case "drain-proven":
    case "drain-overdue":
    case "drain-reopened":
    case "approval":
    case "revision-approval":
    case "triaged":
    case "labelled":
    case "retirement":
    case "revision-pending":
    case "revision-gone":
    case "approval-due":
    case "drill-drained":
    case "notice":
    case "claim":
    case "delivery":
    case "silence":
    case "silence-ended":
      return false;
    default:
      return otherwise(event, false);
  }
};

/** The stretches between `from` and `until` (epoch ms; null = all there is). */
export const livesOf = (
  migration: Migration,
  entries: readonly LedgerEntry[],
  range: { readonly from: number | null; readonly until: number },
): readonly Life[] => {
  const starts: number[] = [];
  let state = NOT_STARTED;
  for (const entry of entries.filter(isGiven)) {
    state = applyEntry(state, migration, entry);
    if (state.hash !== null && starts.at(-1) !== state.since) starts.push(state.since);
  }
  return starts
    .map((since, i) => ({
      since: Math.max(since, range.from ?? since),
      until: Math.min(starts[i + 1] ?? Number.POSITIVE_INFINITY, range.until),
    }))
    .filter(({ since, until }) => since < until);
};
