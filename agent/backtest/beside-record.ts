import type { LedgerEntry } from "../../core/ledger.ts";
import type { ReplayedDecision } from "./replay.ts";

/** A decision or command as the ledger has it. */
export interface RecordedDecision {
  /** Epoch ms. */
  readonly at: number;
  readonly by: string;
  /** `rollback`, `pause`, `advance`, `page`, or the command of a person. */
  readonly kind: string;
  readonly rule: string | null;
  readonly reason: string;
}

/** A decision of the replay with the one on record that it matches; null where there is none. */
export interface JudgedDecision extends ReplayedDecision {
  readonly recorded: RecordedDecision | null;
}

const recordedOf = ({ at, by, event }: LedgerEntry): RecordedDecision | null => {
  if (event.type === "command") return { at, by, kind: event.command, rule: null, reason: event.reason };
  if (event.type !== "decision" || event.decision.kind === "continue") return null;
  const { decision } = event;
  return { at, by, kind: decision.kind, rule: "rule" in decision ? decision.rule : null, reason: decision.reason };
};

/** Puts what was really decided beside what the replay came to; `only` is what the replay did not decide. */
export const besideRecord = (
  migration: string,
  decisions: readonly ReplayedDecision[],
  entries: readonly LedgerEntry[],
): { readonly decisions: readonly JudgedDecision[]; readonly only: readonly RecordedDecision[] } => {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const idOf = ({ key }: ReplayedDecision): string => `${migration}:${key}`;
  const replayed = new Set(decisions.map(idOf));
  return {
    decisions: decisions.map((decision) => {
      const entry = byId.get(idOf(decision));
      return { ...decision, recorded: entry === undefined ? null : recordedOf(entry) };
    }),
    only: entries.flatMap((entry) => (replayed.has(entry.id) ? [] : (recordedOf(entry) ?? []))),
  };
};
