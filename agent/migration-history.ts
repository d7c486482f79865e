import type { LedgerWriter } from "../alerts/ledger-writer.ts";
import { messageOf } from "../core/errors.ts";
import type { LedgerEntry, LedgerEvent } from "../core/ledger.ts";
import type { Migration } from "../core/migration.ts";
import type { Decision, Judgement } from "../core/verdict.ts";
import { decisionKey, idInMigration } from "../lifecycle/ledger-ids.ts";
import { type MigrationState, NOT_STARTED } from "../lifecycle/state.ts";
import { type Fold, foldWithCause } from "../lifecycle/transitions.ts";
import { createLedgerTime } from "./clock/ledger-time.ts";
import type { ReadLedger } from "./ledger-reader.ts";

/** The ledger of one migration, as this agent knows it. */
export interface MigrationHistory {
  /** The document in force. */
  readonly migration: () => Migration;
  readonly state: () => MigrationState;
  /** Id of the entry that last changed the state; empty before the start. */
  readonly changedBy: () => string;
  /** Oldest first. */
  readonly entries: () => readonly LedgerEntry[];
  /** Id shared by everything that happens between two re-armings. */
  readonly incident: () => string;
  /**
   * False until the ledger was read once: before that nothing is known but what this agent's journal holds, which is not
   * the same as nothing happened.
   */
  readonly isKnown: () => boolean;
  /** Why the ledger could not be read the last time; empty when it could. */
  readonly problem: () => string;
  /**
   * Reads what is stored and hands back the entries that are new here. Where two agents wrote the same fact down, the
   * stored version counts for both. What a failing store did not take stays part of the state. Never rejects.
   */
  readonly refresh: () => Promise<readonly LedgerEntry[]>;
  /**
   * Writes an event down and lets it count at once, also while the store does not take it: the journal has it, and the
   * ledger gets it later. Resolves with "" when it is on record, else with why it is on none, in words. `id` must be the
   * same for the same fact; a known one changes nothing.
   */
  readonly record: (
    event: LedgerEvent,
    origin: { readonly id: string; readonly by?: string; readonly at?: number },
  ) => Promise<string>;
  /** Records a decision, under the same id on every try and every replica. `continue` is none. */
  readonly decide: (decision: Decision, judgement: Judgement | null) => Promise<void>;
  /** Writes entries made elsewhere, which then count at once, too; a known id changes nothing. */
  readonly writer: LedgerWriter;
}

/** What a history needs of its surroundings. */
export interface HistoryParts {
  readonly readLedger: ReadLedger;
  readonly ledger: LedgerWriter;
  readonly now: () => number;
  /** The document in force by these entries, oldest first. Default: the one given. */
  readonly inForce?: (entries: readonly LedgerEntry[]) => Migration;
}

/** The entries of `more` that `entries` does not hold, by id. */
export const entriesBeyond = (
  entries: readonly LedgerEntry[],
  more: readonly LedgerEntry[],
): readonly LedgerEntry[] => {
  const known = new Set(entries.map(({ id }) => id));
  return more.filter(({ id }) => !known.has(id));
};

/** The entries of both, each id once; those of `first` win. Sorting is stable: entries of one moment keep their order. */
const merge = (first: readonly LedgerEntry[], second: readonly LedgerEntry[]): readonly LedgerEntry[] => {
  const known = new Set(first.map(({ id }) => id));
  return [...first, ...second.filter(({ id }) => !known.has(id) && known.add(id))].sort((a, b) => a.at - b.at);
};

/** The history of `migration`, unknown until refreshed, but for what `ledger` holds from an earlier run. */
export const createMigrationHistory = (
  given: Migration,
  { readLedger, ledger, now, inForce = () => given }: HistoryParts,
): MigrationHistory => {
  let migration = given;
  let entries: readonly LedgerEntry[] = [];
  let { state, changedBy }: Fold = { state: NOT_STARTED, changedBy: "" };
  let [isKnown, problem] = [false, "the ledger was not read yet"];

  const time = createLedgerTime(now);
  const become = (merged: readonly LedgerEntry[]): void => {
    entries = time.past(merged);
    migration = inForce(entries);
    ({ state, changedBy } = foldWithCause(migration, entries));
  };
  become(
    merge(
      [],
      ledger.kept().filter((entry) => entry.migration === migration.name),
    ),
  );
  const incident = (): string => `${migration.name}:${state.since}`;

  const refresh: MigrationHistory["refresh"] = async () => {
    await ledger.note();
    await ledger.stored();
    try {
      const stored = await readLedger(migration.name);
      const before = entries;
      become(merge(stored, entries));
      [isKnown, problem] = [true, ""];
      return entriesBeyond(before, stored);
    } catch (error) {
      problem = `the ledger cannot be read: ${messageOf(error)}`;
      return [];
    }
  };

  /** What is new of it counts from now on. */
  const takeIn = (more: readonly LedgerEntry[]): readonly LedgerEntry[] => {
    const fresh = entriesBeyond(entries, more).map(time.next);
    if (fresh.length > 0) become(merge(entries, fresh));
    return fresh;
  };

  const writer: LedgerWriter = {
    ...ledger,
    note: (...more) => ledger.note(...takeIn(more)),
  };

  const record: MigrationHistory["record"] = async (event, { id: key, by = "agent", at = now() }) => {
    const id = idInMigration(migration.name, key);
    if (entries.some((known) => known.id === id)) return "";
    return writer.note({ id, at, migration: migration.name, by, incident: incident(), event });
  };

  return {
    migration: () => migration,
    state: () => state,
    changedBy: () => changedBy,
    entries: () => entries,
    incident,
    isKnown: () => isKnown,
    problem: () => problem,
    refresh,
    record,
    decide: async (decision, judgement) => {
      if (decision.kind === "continue") return;
      await record({ type: "decision", decision, judgement }, { id: decisionKey(state, decision) });
    },
    writer,
  };
};
