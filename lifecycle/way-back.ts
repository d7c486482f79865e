import type { LedgerEntry } from "../core/ledger.ts";
import { drillsOf } from "./drills.ts";

/** When the way back was tried for the last time, and whether it worked. */
export interface WayBack {
  /** Epoch ms. */
  readonly at: number;
  readonly isGood: boolean;
  /** Why not, one line; empty where nothing is known. */
  readonly why: string;
}

/** What a rollback in earnest says; null for any other entry, and for one that too few calls say too little of. */
const real = ({ at, event }: LedgerEntry): WayBack | null => {
  if (event.type === "drain-proven") return { at, isGood: true, why: "" };
  const wentOn = event.type === "drain-overdue" && event.reason === "canary-calls";
  return wentOn || event.type === "drain-reopened"
    ? { at, isGood: false, why: "canary calls went on after a real rollback" }
    : null;
};

/**
 * The newest try of the way back that came to an end: a drill, or a real rollback, of any life. A drill that something came in
 * between says nothing. Null = there was none. `entries`: one migration's, oldest first. Pure.
 */
export const newestWayBack = (entries: readonly LedgerEntry[]): WayBack | null => {
  const drills = drillsOf(entries).flatMap(({ endedAt, outcome, why }): readonly WayBack[] =>
    endedAt === null || outcome === null || outcome === "interrupted"
      ? []
      : [{ at: endedAt, isGood: outcome !== "failed", why }],
  );
  return [...drills, ...entries.flatMap((entry) => real(entry) ?? [])].toSorted((a, b) => a.at - b.at).at(-1) ?? null;
};
