import type { AppendLedger } from "../../alerts/ledger-writer.ts";
import type { LedgerEntry, LedgerEvent } from "../../core/ledger.ts";

type EventOf<T extends LedgerEvent["type"]> = Extract<LedgerEvent, { readonly type: T }>;

/** A ledger in memory that keeps one entry per id, as the real one does, and can be told to fail or to hang. */
export interface RecordingLedger {
  readonly append: AppendLedger;
  readonly entries: () => readonly LedgerEntry[];
  /** Entries of one type, in the order of their first append. */
  readonly of: <T extends LedgerEvent["type"]>(type: T) => readonly EventOf<T>[];
  readonly behave: (mode: "store" | "fail" | "hang") => void;
}

/** A ledger that stores. */
export const recordingLedger = (): RecordingLedger => {
  const stored = new Map<string, LedgerEntry>();
  let mode: "store" | "fail" | "hang" = "store";
  return {
    append: (entries) => {
      if (mode === "fail") return Promise.reject(new Error("the store is down"));
      if (mode === "hang") return new Promise(() => undefined);
      for (const entry of entries) if (!stored.has(entry.id)) stored.set(entry.id, structuredClone(entry));
      return Promise.resolve();
    },
    entries: () => [...stored.values()],
    of: (type) =>
      [...stored.values()].flatMap(({ event }) => (event.type === type ? [event as EventOf<typeof type>] : [])),
    behave: (next) => {
      mode = next;
    },
  };
};
