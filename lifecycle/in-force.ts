import type { LedgerEntry, LedgerEvent } from "../core/ledger.ts";

/** A document as the ledger has it. */
export type RecordedDocument = Extract<LedgerEvent, { readonly type: "document" }>;

/** The hash that an entry calls the document in force by; null for entries that say nothing of it. */
const hashOf = ({ event }: LedgerEntry, before: string | null): string | null => {
  if (event.type === "started") return before ?? event.hash;
  if (event.type === "command" && before !== null) return event.revision?.hash ?? before;
  return event.type === "rehashed" && before !== null ? event.hash : before;
};

/**
 * What the document in force is known by; null before the start. The same as the state's, for those who do not have the
 * document yet that a state is folded with. `entries`: oldest first.
 */
export const hashInForce = (entries: readonly LedgerEntry[]): string | null =>
  entries.reduce<string | null>((hash, entry) => hashOf(entry, hash), null);

/** What the ledger has of the document of this hash, the newest first. */
export const recordedDocuments = (entries: readonly LedgerEntry[], hash: string): readonly RecordedDocument[] =>
  entries.flatMap(({ event }) => (event.type === "document" && event.hash === hash ? [event] : [])).reverse();

/** The share that the ledger last said the flag should serve, 0-1; 0 where it says none. */
export const lastShare = (entries: readonly LedgerEntry[]): number => {
  const last = entries.findLast(({ event }) => event.type === "standing" || event.type === "started")?.event;
  return last?.type === "standing" || last?.type === "started" ? last.share : 0;
};
