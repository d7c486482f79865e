import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../../alerts/replace-file.ts";
import { messageOf } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import type { RecordedDocument } from "../../lifecycle/in-force.ts";

/** What an agent keeps of the documents it goes by: which migrations are its own, also when a file is gone. */
export interface KeptDocuments {
  /** By the migration's name, as of the start of the process and what was kept since. */
  readonly all: () => ReadonlyMap<string, RecordedDocument>;
  /** Keeps it, where it is not what is kept already. Never rejects: what fails is logged, and tried at the next call. */
  readonly keep: (name: string, document: RecordedDocument) => Promise<void>;
  readonly forget: (name: string) => Promise<void>;
}

const ENDING = ".json";

const read = async (path: string): Promise<RecordedDocument | null> => {
  const value = JSON.parse(await readFile(path, "utf8")) as Partial<RecordedDocument> | null;
  const isOne = value?.type === "document" && typeof value.hash === "string" && typeof value.file === "string";
  return isOne ? (value as RecordedDocument) : null;
};

const readAll = async (folder: string, log: Log): Promise<Map<string, RecordedDocument>> => {
  const names = await readdir(folder).catch(() => []);
  const all = new Map<string, RecordedDocument>();
  for (const file of names.filter((name) => name.endsWith(ENDING)).sort()) {
    try {
      const document = await read(join(folder, file));
      if (document !== null) all.set(file.slice(0, -ENDING.length), document);
    } catch (error) {
      log.error(`${join(folder, file)} cannot be read; the ledger has the document as well`, {
        problem: messageOf(error),
      });
    }
  }
  return all;
};

/**
 * The documents kept in `folder`, a file for each migration. The ledger has them as well, but not whose they are: several agents
 * may share one, each with migrations of its own.
 */
export const openKeptDocuments = async (folder: string, log: Log): Promise<KeptDocuments> => {
  const kept = await readAll(folder, log);
  const path = (name: string): string => join(folder, `${name}${ENDING}`);
  return {
    all: () => kept,
    keep: async (name, document) => {
      const text = JSON.stringify(document);
      if (text === JSON.stringify(kept.get(name))) return;
      try {
        await mkdir(folder, { recursive: true });
        await replaceFile(path(name), `${text}\n`);
        kept.set(name, document);
      } catch (error) {
        log.warn(`${name}: its document cannot be kept in ${folder}`, { problem: messageOf(error) });
      }
    },
    forget: async (name) => {
      kept.delete(name);
      await rm(path(name), { force: true }).catch(() => undefined);
    },
  };
};
