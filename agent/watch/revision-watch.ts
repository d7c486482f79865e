import { clamp } from "../../alerts/clamp.ts";
import { isItsDocument, type Migration } from "../../core/migration.ts";
import { revisionGoneKey, revisionPendingKey } from "../../lifecycle/ledger-ids.ts";
import { pendingRevisions } from "../../lifecycle/pending-revision.ts";
import { takeUp } from "../../lifecycle/take-up.ts";
import { revisionDifferences } from "../../status/revision-differences.ts";
import type { Contract } from "../documents/contract.ts";
import type { MigrationHistory } from "../migration-history.ts";

/** What the watch looks at. */
export interface RevisionWatchParts {
  readonly history: Pick<MigrationHistory, "record" | "state" | "entries">;
  readonly contract: Pick<Contract, "pending" | "held" | "trouble">;
  readonly now: () => number;
}

/** Puts on record, once for each content, that a changed document waits on disk, and that it is gone again. */
export interface RevisionWatch {
  /** Never rejects. */
  readonly look: () => Promise<void>;
}

/** As many differences are put on record, each of at most so many characters: a document may have thousands. */
const MAX_CHANGES = 12;
const MAX_TEXT = 300;

/** Whoever did not see the document wait is slow to say that it is gone: it is another agent's, with a disk of its own. */
const UNSEEN_GONE_MS = 900_000;

/** A watch over one migration's document, which goes on from what the ledger says was told before. */
export const createRevisionWatch = (
  inForce: () => Migration,
  { history, contract, now }: RevisionWatchParts,
): RevisionWatch => {
  /** What this agent saw wait, and told or found told; the document in force with it. Empty while nothing waits. */
  let seen = "";
  /** Since when this agent sees nothing wait although the ledger says so; null = it does not. */
  let missedSince: number | null = null;

  const found = async ({ file, migration: after }: NonNullable<ReturnType<Contract["pending"]>>): Promise<void> => {
    missedSince = null;
    const before = inForce();
    const key = `${before.hash} ${after.hash}`;
    const { open, count } = pendingRevisions(history.entries());
    const isTold = seen === key || (open !== null && isItsDocument(after, open.hash));
    seen = key;
    if (isTold) return;
    const all = revisionDifferences(before, after);
    const taken = takeUp(before, after, history.state());
    const nth = count + 1;
    await history.record(
      {
        type: "revision-pending",
        ...{ nth, hash: after.hash, of: before.hash, file },
        changes: all.slice(0, MAX_CHANGES).map(({ effect, text }) => ({ effect, text: clamp(text, MAX_TEXT) })),
        more: Math.max(0, all.length - MAX_CHANGES),
        problem: "problem" in taken ? taken.problem : "",
      },
      { id: revisionPendingKey(nth, after.hash) },
    );
  };

  const missing = async (): Promise<void> => {
    const wasSeen = seen !== "";
    seen = "";
    const { open } = pendingRevisions(history.entries());
    missedSince = open === null ? null : (missedSince ?? (wasSeen ? Number.NEGATIVE_INFINITY : now()));
    if (open === null || missedSince === null || now() - missedSince < UNSEEN_GONE_MS) return;
    const { nth, hash, file } = open;
    await history.record({ type: "revision-gone", nth, hash, file }, { id: revisionGoneKey(nth, hash) });
  };

  return {
    look: async () => {
      const { hash, abandoned } = history.state();
      // Of a file that cannot be read, and of a document in force that is not known, nobody can say what waits.
      if (hash === null || abandoned !== null || contract.held() !== "" || contract.trouble() !== "") return;
      const pending = contract.pending();
      await (pending === null ? missing() : found(pending));
    },
  };
};
