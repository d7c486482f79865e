import type { ClaimLedger } from "../../alerts/claims.ts";
import type { AppendLedger } from "../../alerts/ledger-writer.ts";
import type { LedgerEntry, LedgerEvent } from "../../core/ledger.ts";

type EventOf<T extends LedgerEvent["type"]> = Extract<LedgerEvent, { readonly type: T }>;

/** A ledger in memory that keeps one entry per id, as the real one does, and can be told to fail or to hang. */
export interface RecordingLedger {
  readonly append: AppendLedger;
  /** Claims age by `clock`. */
  readonly claim: ClaimLedger;
  /** All but the claims. */
  readonly entries: () => readonly LedgerEntry[];
  /** Entries of one type, in the order of their first append. */
  readonly of: <T extends LedgerEvent["type"]>(type: T) => readonly EventOf<T>[];
  readonly behave: (mode: "store" | "fail" | "hang") => void;
}

/** A ledger that stores. `clock` is that of its database. */
export const recordingLedger = (clock: () => number = () => 0): RecordingLedger => {
  const stored = new Map<string, LedgerEntry>();
  const written = new Map<string, number>();
  let mode: "store" | "fail" | "hang" = "store";
  const append: AppendLedger = (entries) => {
    if (mode === "fail") return Promise.reject(new Error("the store is down"));
    if (mode === "hang") return new Promise(() => undefined);
    for (const entry of entries.filter(({ id }) => !stored.has(id))) {
      stored.set(entry.id, structuredClone(entry));
      written.set(entry.id, clock());
    }
    return Promise.resolve();
  };
  const all = (): readonly LedgerEntry[] => [...stored.values()];
  return {
    append,
    claim: async (claim, settledBy) => {
      await append([claim]);
      const ageMs = clock() - (written.get(claim.id) ?? 0);
      return { holder: stored.get(claim.id) ?? null, ageMs, settled: stored.get(settledBy) ?? null };
    },
    entries: () => all().filter(({ event }) => event.type !== "claim"),
    of: (type) => all().flatMap(({ event }) => (event.type === type ? [event as EventOf<typeof type>] : [])),
    behave: (next) => {
      mode = next;
    },
  };
};
