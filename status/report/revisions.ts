import type { DocumentChange } from "../../core/document-change.ts";
import { isItsDocument, type Migration } from "../../core/migration.ts";
import { recordedDocuments } from "../../lifecycle/in-force.ts";
import { describeEntry } from "../describe-entry.ts";
import { revisionDifferences } from "../revision-differences.ts";
import type { RevisionRecord } from "./report.ts";
import type { Step } from "./walk.ts";

/** What the document of a hash said; null where neither the ledger nor the document at hand tells. */
const readingOf = (hash: string, steps: readonly Step[], document: Migration | null): Migration | null => {
  const entries = steps.map(({ entry }) => entry);
  const recorded = recordedDocuments(entries, hash).find(({ reading }) => reading !== null)?.reading ?? null;
  return recorded ?? (document !== null && isItsDocument(document, hash) ? document : null);
};

/** A reading is another version's: what this one cannot compare is not known, and no reason to write no report. */
const differences = (before: Migration | null, after: Migration | null): readonly DocumentChange[] | null => {
  if (before === null || after === null) return null;
  try {
    return revisionDifferences(before, after);
  } catch {
    return null;
  }
};

/** Every document that came into force: with the start, by an upgrade, or taken up by a person, with what it changed. */
export const revisionsOf = (steps: readonly Step[], document: Migration | null): readonly RevisionRecord[] =>
  steps.flatMap(({ entry, before }): readonly RevisionRecord[] => {
    const { event, at, by } = entry;
    const base = { at, by, text: describeEntry(entry) };
    if (event.type === "started" || event.type === "rehashed") return [{ ...base, reason: "", differences: [] }];
    if (event.type !== "command" || event.revision === undefined || before.hash === null) return [];
    const [from, to] = [before.hash, event.revision.hash].map((hash) => readingOf(hash, steps, document));
    return [{ ...base, reason: event.reason, differences: differences(from ?? null, to ?? null) }];
  });
