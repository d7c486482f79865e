import type { LedgerEntry } from "../../core/ledger.ts";
import { isItsDocument, type Migration, shortHash } from "../../core/migration.ts";
import { hashInForce, lastShare, type RecordedDocument, recordedDocuments } from "../../lifecycle/in-force.ts";
import { type DocumentText, restoreDocument } from "./document-record.ts";

/** What lies on disk for a migration: its document, or why there is none that can be used, in words. */
export type OnDisk = DocumentText | { readonly problem: string };

/** Which document a migration goes by: the one it was started with, whatever becomes of the file. */
export interface Contract {
  /** The document in force by these entries of its ledger, oldest first; before the start, the one at hand. */
  readonly inForce: (entries: readonly LedgerEntry[]) => Migration;
  /** The text of the document in force, for the record; null where it is not at hand, and where there is none. */
  readonly evidence: () => DocumentText | null;
  /** The changed document that waits on disk; null for none. */
  readonly pending: () => DocumentText | null;
  /** Why the document in force cannot be known; empty when it is. */
  readonly held: () => string;
  /** What is wrong with the file; empty for nothing. */
  readonly trouble: () => string;
  /** Takes what lies on disk now. */
  readonly see: (seen: OnDisk) => void;
}

/** A migration that has one document, and no file. */
export const fixedContract = (migration: Migration): Contract => ({
  inForce: () => migration,
  evidence: () => null,
  pending: () => null,
  held: () => "",
  trouble: () => "",
  see: () => undefined,
});

/** What a contract is made from. */
export interface ContractParts {
  /** The best that is known of the document in force: that of the file, or what was kept of it. */
  readonly atHand: Migration;
  readonly seen: OnDisk;
  /** Names of the flag systems of leeway.yaml. */
  readonly targets: readonly string[];
  /** What this agent kept of the document; null for nothing. */
  readonly kept: RecordedDocument | null;
}

/**
 * What stands in for a document of which only the hash is known: the share is the one that the ledger said last, and the rules
 * those of the nearest document, by which nothing goes up.
 */
const standIn = (nearest: Migration, hash: string, entries: readonly LedgerEntry[]): Migration => {
  const share = lastShare(entries);
  const stages = nearest.stages.map(({ forMs }) => ({ kind: "canary", share, forMs, approval: true }) as const);
  return { ...nearest, hash, earlierHashes: [], stages };
};

const heldText = (name: string, hash: string): string =>
  `held: its document was changed after it was started by an earlier version of Leeway, which kept no text of document ${shortHash(hash, 12)}: ` +
  `nothing is raised, and only harm is acted on, by the limits of the changed document; put the document back as it was, ` +
  `take the changed one up with leeway revise ${name}, or go back with leeway rollback ${name}`;

/** The contract of one migration. */
export const createContract = ({ atHand, seen: first, targets, kept }: ContractParts): Contract => {
  let seen = first;
  let current = atHand;
  let held = "";
  /** What stands in for a document that cannot be had; null while none has to. */
  let placeholder: Migration | null = null;
  /** Null before the start. */
  let hash: string | null = null;
  /** By hash: what was restored, once. */
  const restored = new Map<string, Migration>();

  const restore = (entries: readonly LedgerEntry[], wanted: string): Migration | null => {
    const known = restored.get(wanted);
    if (known !== undefined) return known;
    const records = [...recordedDocuments(entries, wanted), ...(kept?.hash === wanted ? [kept] : [])];
    for (const record of records) {
      const document = restoreDocument(record, targets);
      if (document !== null) restored.set(wanted, document);
      if (document !== null) return document;
    }
    return null;
  };

  const onDisk = (): DocumentText | null => ("problem" in seen ? null : seen);

  const choose = (entries: readonly LedgerEntry[], wanted: string): Migration => {
    const disk = onDisk();
    held = "";
    if (disk !== null && isItsDocument(disk.migration, wanted)) return disk.migration;
    if (current !== placeholder && isItsDocument(current, wanted)) return current;
    const document = restore(entries, wanted);
    if (document !== null) return document;
    held = heldText(atHand.name, wanted);
    if (placeholder?.hash !== wanted) placeholder = standIn(disk?.migration ?? atHand, wanted, entries);
    return placeholder;
  };

  return {
    inForce: (entries) => {
      hash = hashInForce(entries);
      if (hash === null) held = "";
      current = hash === null ? (onDisk()?.migration ?? atHand) : choose(entries, hash);
      return current;
    },
    evidence: () => {
      const disk = onDisk();
      return disk !== null && disk.migration === current ? disk : null;
    },
    pending: () => {
      const disk = onDisk();
      return disk === null || hash === null || isItsDocument(disk.migration, hash) ? null : disk;
    },
    held: () => held,
    trouble: () => ("problem" in seen ? seen.problem : ""),
    see: (next) => {
      seen = next;
    },
  };
};
