import type { LedgerEntry } from "../../core/ledger.ts";
import { describeEntry } from "../../status/describe-entry.ts";

/** True for what moves a migration, or shows that it does; messages, verdicts and single writes of the flag are left out. */
const isTransition = ({ event }: LedgerEntry): boolean => {
  switch (event.type) {
    case "started":
    case "command":
    case "approval":
    case "decision":
    case "drain-proven":
    case "drain-overdue":
    case "drain-reopened":
    case "drill-started":
    case "drill-drained":
    case "drill-restored":
      return true;
    case "flip-readback":
      return event.confirmed;
    default:
      return false;
  }
};

/** The transitions of a ledger, oldest first. */
export const transitionsOf = (entries: readonly LedgerEntry[]): readonly LedgerEntry[] => entries.filter(isTransition);

/** One of them, with its time: a line. */
export const transitionLine = (entry: LedgerEntry): string =>
  `${new Date(entry.at).toISOString().slice(0, 19).replace("T", " ")}  ${entry.by.padEnd(16)}  ${describeEntry(entry)}`;
