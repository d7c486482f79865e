import type { LedgerEntry } from "../../core/ledger.ts";

/** How often the ramp was stopped or went on since `since`: what tells one pause from the next. */
export const countPauses = (entries: readonly LedgerEntry[], since: number): number =>
  entries.filter(
    ({ at, event }) =>
      at >= since &&
      ((event.type === "command" && (event.command === "pause" || event.command === "resume")) ||
        (event.type === "decision" && event.decision.kind === "pause")),
  ).length;
