import { join } from "node:path";
import { createJournalFile } from "../alerts/journal/journal-file.ts";
import { decodeLine } from "../alerts/journal/journal-line.ts";
import { withinOr } from "../async/within-or.ts";
import { messageOf } from "../core/errors.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import type { Log } from "../core/log.ts";
import type { Migration } from "../core/migration.ts";
import { foldLedger } from "../lifecycle/transitions.ts";
import type { WantedShare } from "../status/flag-view.ts";
import { wantedShare } from "../status/wanted-share.ts";
import { isHeld, openReader } from "../store/open-reader.ts";
import type { StoreSettings } from "../store/open-store.ts";
import { entriesBeyond } from "./migration-history.ts";

/** Who asks without an agent. */
export interface WantedParts {
  readonly now: () => number;
  readonly log: Log;
}

/** How long the store is waited for: whoever asks was woken. */
const STORE_MS = 10_000;

/** What an agent's journal has of the migration; nothing where it cannot be read. It is left as it is. */
const journalled = async (dir: string, { name }: Migration): Promise<readonly LedgerEntry[]> => {
  const content = await createJournalFile(join(dir, "journal", "entries.jsonl"))
    .read()
    .catch(() => Buffer.alloc(0));
  return content
    .toString("utf8")
    .split("\n")
    .map(decodeLine)
    .filter((entry): entry is LedgerEntry => entry?.migration === name);
};

type LedgerRead = { readonly entries: readonly LedgerEntry[] } | { readonly problem: string };

const stored = async (settings: StoreSettings, { name }: Migration, parts: WantedParts): Promise<LedgerRead> => {
  try {
    const reader = await openReader(settings, parts);
    return { entries: await reader.readLedger(name).finally(reader.close) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
};

/** The engine is not started here: its folder would be taken from the agent that somebody is about to start again. */
const readStored = async (settings: StoreSettings, migration: Migration, parts: WantedParts): Promise<LedgerRead> => {
  if (settings.url === "embedded" && !isHeld(settings.dir))
    return { problem: "no agent runs here, and the ledger is in its embedded store; start the agent" };
  const late = { problem: `the store gave no answer within ${STORE_MS} ms` };
  return withinOr(STORE_MS, stored(settings, migration, parts), late);
};

/**
 * What the flag of `migration` should serve, without an agent: by the ledger, and by what the journal in `store.dir` has that
 * the ledger may not. A rollback in the journal counts alone; nothing else does. Changes nothing, never rejects.
 */
export const readWanted = async (
  settings: StoreSettings,
  migration: Migration,
  parts: WantedParts,
): Promise<WantedShare> => {
  const [read, kept] = await Promise.all([readStored(settings, migration, parts), journalled(settings.dir, migration)]);
  const entries = "problem" in read ? [] : read.entries;
  const all = [...entries, ...entriesBeyond(entries, kept)].toSorted((a, b) => a.at - b.at);
  const state = foldLedger(migration, all);
  if (!("problem" in read) || state.rollback !== null) return wantedShare(migration, state, parts.now());
  return { share: null, because: read.problem };
};
