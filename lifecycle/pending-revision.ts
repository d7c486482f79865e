import type { LedgerEntry, LedgerEvent } from "../core/ledger.ts";

/** What is put on record of a document that waits to be taken up. */
export type RevisionPending = Extract<LedgerEvent, { readonly type: "revision-pending" }>;

/** A changed document that people were told of, and that was neither taken up nor taken away since. */
export interface PendingRevision extends RevisionPending {
  /** When it was found, epoch ms. */
  readonly at: number;
}

/** How documents wait by a ledger. */
export interface PendingRevisions {
  readonly open: PendingRevision | null;
  /** How many times one waited so far, the open one included. */
  readonly count: number;
}

/**
 * The document that waits to be taken up by these entries, one migration's, oldest first. A newer one takes the place of one that
 * waited before, and whichever is taken up ends the wait. Pure.
 */
export const pendingRevisions = (entries: readonly LedgerEntry[]): PendingRevisions => {
  let open: PendingRevision | null = null;
  let count = 0;
  for (const { event, at } of entries) {
    if (event.type === "revision-pending") {
      count = Math.max(count, event.nth);
      open = { ...event, at };
    } else if (event.type === "revision-gone" && open?.hash === event.hash) open = null;
    else if (event.type === "command" && event.revision !== undefined) open = null;
  }
  return { open, count };
};
