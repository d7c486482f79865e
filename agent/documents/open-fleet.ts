import type { RoutedFlag } from "../../alerts/flags/flag-target.ts";
import type { LedgerWriter } from "../../alerts/ledger-writer.ts";
import type { Notifier } from "../../alerts/notifier.ts";
import { LeewayError, messageOf } from "../../core/errors.ts";
import type { LedgerEntry } from "../../core/ledger.ts";
import { type Migration, shortHash } from "../../core/migration.ts";
import { hashInForce, recordedDocuments } from "../../lifecycle/in-force.ts";
import { isOver } from "../../lifecycle/standing.ts";
import { revisionDifferences } from "../../status/revision-differences.ts";
import type { Store } from "../../store/store.ts";
import type { TimedParts } from "../agent-parts.ts";
import type { Config } from "../config/load-config.ts";
import { formatProblem } from "../config/problem.ts";
import { createMigrationRunner, type MigrationRunner, type RunnerSettings } from "../migration-runner.ts";
import type { OpenFlags } from "../open-flags.ts";
import { tracedRunner } from "../telemetry/traced-runner.ts";
import { createContract, type OnDisk } from "./contract.ts";
import type { DeclaredDocument } from "./declared-document.ts";
import { recordOf, restoreDocument } from "./document-record.ts";
import type { KeptDocuments } from "./kept-documents.ts";
import { matchDocuments } from "./match-documents.ts";
import { documentsIn, type FolderRead } from "./scan-documents.ts";
import { flagProblems, rivalsOf } from "./shared-flags.ts";

/** The migrations of an agent, whose documents come, change and go. */
export interface Fleet {
  readonly runners: () => readonly MigrationRunner[];
  /** The documents in force. */
  readonly migrations: () => readonly Migration[];
  /** Null for a migration that is none of them. */
  readonly flagOf: (migration: string) => RoutedFlag | null;
  /** What is wrong with documents, a line each. */
  readonly problems: () => readonly string[];
  /** Takes what lies in the folder now: new documents start, changed and lost ones are known of. Never rejects. */
  readonly take: (folder: FolderRead) => Promise<void>;
  /** Keeps the documents in force for the next start. Never rejects. */
  readonly keep: () => Promise<void>;
}

/** What a fleet works with. */
export interface FleetParts extends Pick<TimedParts, "now" | "log" | "telemetry"> {
  readonly store: Store;
  readonly flags: Pick<OpenFlags, "bind">;
  readonly notifier: Notifier;
  readonly ledger: LedgerWriter;
  readonly kept: KeptDocuments;
  readonly settings: RunnerSettings;
}

interface Member {
  readonly runner: MigrationRunner;
  readonly flag: RoutedFlag;
  /** Where its document is, or was. */
  file: string;
}

const GOES_ON = "the migration goes on by the document it was started with";

const problemText = ({ problems, file }: DeclaredDocument): string => {
  const [first, ...more] = problems.map(formatProblem);
  return `${first ?? file}${more.length === 0 ? "" : ` (and ${more.length} more)`}; ${GOES_ON}`;
};

const seenOf = (document: DeclaredDocument | undefined, file: string): OnDisk => {
  if (document === undefined) return { problem: `${file} is gone; ${GOES_ON}: put it back` };
  const { migration, text } = document;
  return migration === null || text === null
    ? { problem: problemText(document) }
    : { file: document.file, text, migration };
};

const isEnded = ({ runner }: Member): boolean => isOver(runner.snapshot().standing);

/** More differences than these are counted. */
const MAX_DIFFERENCES = 6;

const changeText = (before: Migration, after: Migration): string => {
  const all = revisionDifferences(before, after).map(({ effect, text }) => `${effect}: ${text}`);
  const more = all.length - MAX_DIFFERENCES;
  return [...all.slice(0, MAX_DIFFERENCES), ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
};

/** What is to be known of one migration's document; empty for nothing. */
const documentProblem = (member: Member): string => {
  const { contract, migration } = member.runner;
  const trouble = contract.trouble();
  if (trouble !== "") return isEnded(member) ? "" : `${migration.name}: ${trouble}`;
  const pending = contract.pending();
  if (pending === null || contract.held() !== "") return "";
  return (
    `${migration.name}: ${pending.file} was changed after it started (${changeText(migration, pending.migration)}); ` +
    `${GOES_ON}, ${shortHash(migration.hash, 12)}: leeway revise ${migration.name} takes it up, or put it back as it was`
  );
};

/**
 * Opens the migrations of `folder`, and those that this agent ran before and whose document is not there any more. Rejects with
 * LeewayError `store-unavailable` where a ledger cannot be read: what is unknown is not started anew.
 */
export const openFleet = async (
  { settings: { flags: systems } }: Pick<Config, "settings">,
  folder: FolderRead,
  { store, flags, notifier, ledger, kept, settings, now, log, telemetry }: FleetParts,
): Promise<Fleet> => {
  const members = new Map<string, Member>();
  const targets = Object.keys(systems);
  let refused: readonly string[] = [];

  /** Of a migration that is none of ours yet. */
  const readLedger = async (name: string): Promise<readonly LedgerEntry[]> => {
    const { entries } = await store.ledgerSince(name, 0);
    const own = ledger.kept().filter((entry) => entry.migration === name);
    const known = new Set(entries.map(({ id }) => id));
    return [...entries, ...own.filter(({ id }) => !known.has(id))].toSorted((a, b) => a.at - b.at);
  };

  /** The document in force by `entries`, or the nearest to it that can be had; null for none. */
  const atHand = (name: string, document: DeclaredDocument | undefined, entries: readonly LedgerEntry[]) => {
    const hash = hashInForce(entries);
    if (hash === null) return document?.migration ?? null;
    const own = kept.all().get(name);
    const records = [...recordedDocuments(entries, hash), ...(own?.hash === hash ? [own] : [])];
    const restored = records.map((record) => restoreDocument(record, targets)).find((each) => each !== null);
    return restored ?? document?.migration ?? null;
  };

  const declared = (): { readonly file: string; readonly migration: Migration; readonly member: Member }[] =>
    [...members.values()].map((member) => ({ file: member.file, migration: member.runner.migration, member }));

  const add = async (migration: Migration, document: DeclaredDocument | undefined): Promise<string> => {
    const { name } = migration;
    const own = kept.all().get(name) ?? null;
    const file = document?.file ?? own?.file ?? name;
    const contract = createContract({ atHand: migration, seen: seenOf(document, file), targets, kept: own });
    const bound = flags.bind(migration);
    const parts = { store, ...bound, notifier, ledger, now, log, contract };
    const runner = tracedRunner(createMigrationRunner(migration, settings, parts), telemetry);
    const known = await runner.history.refresh();
    if (!runner.history.isKnown()) return `${name}: ${runner.history.problem()}`;
    members.set(name, { runner, flag: bound.flag, file });
    notifier.restore(known);
    return "";
  };

  /** A flag of a migration that is over, and whose document was taken away, is free; every other one is not. */
  const clear = async (migration: Migration, file: string): Promise<readonly string[]> => {
    const rivals = rivalsOf(migration, declared(), systems);
    const left = rivals.filter(({ member }) => member.runner.contract.trouble() === "" || !isEnded(member));
    const problems = flagProblems({ file, migration }, left, systems).map(formatProblem);
    if (problems.length > 0) return problems;
    for (const { member, migration: old } of rivals) {
      log.info(`${old.name}: is over and its document is gone; ${migration.name} has its flag now`, {
        file: member.file,
      });
      members.delete(old.name);
      await kept.forget(old.name);
    }
    return [];
  };

  const admit = async (
    name: string,
    document: DeclaredDocument | undefined,
    entries: readonly LedgerEntry[],
  ): Promise<readonly string[]> => {
    const migration = atHand(name, document, entries);
    if (migration === null) {
      if (document === undefined) await kept.forget(name);
      return document?.problems.map(formatProblem) ?? [];
    }
    const file = document?.file ?? kept.all().get(name)?.file ?? name;
    const taken = await clear(migration, file);
    if (taken.length > 0) return taken;
    const problem = await add(migration, document);
    return problem === "" ? [] : [problem];
  };

  const isRunning = (entries: readonly LedgerEntry[]): boolean => hashInForce(entries) !== null;

  /** What a document that was never seen before is worth; those that run already come first. */
  const admitAll = async (names: readonly string[], byName: ReadonlyMap<string, DeclaredDocument>) => {
    const read = await Promise.all(names.map(async (name) => ({ name, entries: await readLedger(name) })));
    const running = read.filter(({ entries }) => isRunning(entries));
    const fresh = read.filter(({ entries }) => !isRunning(entries));
    const problems: string[] = [];
    for (const { name, entries } of [...running, ...fresh]) {
      problems.push(...(await admit(name, byName.get(name), entries)));
    }
    return problems;
  };

  const known = () =>
    [...members].map(([name, { runner, file }]) => ({ name, file, hash: runner.history.state().hash }));

  const keptAsKnown = () =>
    [...kept.all()].filter(([name]) => !members.has(name)).map(([name, { hash, file }]) => ({ name, hash, file }));

  const takeAll = async (read: FolderRead, lost: readonly string[]): Promise<void> => {
    if (read.problem !== "") {
      for (const { runner } of members.values()) runner.contract.see({ problem: `${read.problem}; ${GOES_ON}` });
      refused = members.size === 0 ? [read.problem] : [];
      if (lost.length > 0) refused = [...refused, ...(await admitAll(lost, new Map()))];
      return;
    }
    const documents = documentsIn(read.files, systems);
    const { byName, problems } = matchDocuments(documents, [...known(), ...keptAsKnown()]);
    for (const [name, member] of members) {
      const document = byName.get(name);
      member.file = document?.file ?? member.file;
      member.runner.contract.see(seenOf(document, member.file));
    }
    const fresh = [...new Set([...byName.keys(), ...lost])].filter((name) => !members.has(name));
    refused = [...problems.map(formatProblem), ...(await admitAll(fresh, byName))];
  };

  const tellRefused = (before: readonly string[]): void => {
    for (const problem of refused) if (!before.includes(problem)) log.error(problem);
  };

  await takeAll(folder, [...kept.all().keys()]).catch((error: unknown) => {
    throw error instanceof LeewayError ? error : new LeewayError("store-unavailable", messageOf(error));
  });
  tellRefused([]);

  return {
    runners: () => [...members.values()].map(({ runner }) => runner),
    migrations: () => [...members.values()].map(({ runner }) => runner.migration),
    flagOf: (name) => members.get(name)?.flag ?? null,
    problems: () => [...refused, ...[...members.values()].map(documentProblem).filter((text) => text !== "")],
    take: async (read) => {
      const before = refused;
      await takeAll(read, []).catch((error: unknown) => {
        refused = [...before, `the documents cannot be taken up: ${messageOf(error)}`];
      });
      tellRefused(before);
    },
    keep: async () => {
      for (const [name, { runner }] of members) {
        const { hash } = runner.history.state();
        const evidence = runner.contract.evidence();
        if (hash === null) continue;
        const document =
          evidence === null ? recordedDocuments(runner.history.entries(), hash)[0] : recordOf(evidence, hash);
        if (document !== undefined) await kept.keep(name, document);
      }
    },
  };
};
