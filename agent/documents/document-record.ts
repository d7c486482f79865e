import { createHash } from "node:crypto";
import { isItsDocument, type Migration } from "../../core/migration.ts";
import { createEngine } from "../../detectors/engine.ts";
import type { RecordedDocument } from "../../lifecycle/in-force.ts";
import { stageText } from "../../lifecycle/stages.ts";
import { readMigration } from "../config/migration-document.ts";
import { parseYaml } from "../config/read-yaml.ts";
import { routesOf } from "./shared-flags.ts";

/** Longest text that goes into the ledger, bytes of UTF-8. */
export const MAX_RECORDED_TEXT: number = 64 * 1024;

/** Longest reading that does, characters of its JSON. */
const MAX_READING: number = 256 * 1024;

/** A document: where it is, what it says and what that was read to. */
export interface DocumentText {
  readonly file: string;
  readonly text: string;
  readonly migration: Migration;
}

/** What the ledger is to have of a document, under the hash it is known by there. */
export const recordOf = ({ file, text, migration }: DocumentText, hash: string): RecordedDocument => ({
  type: "document",
  hash,
  file,
  text: Buffer.byteLength(text) > MAX_RECORDED_TEXT ? null : text,
  reading: JSON.stringify(migration).length > MAX_READING ? null : migration,
});

/** What tells one reading of a document from another of the same hash. */
export const readingDigest = (migration: Migration): string =>
  createHash("sha256").update(JSON.stringify(migration)).digest("hex").slice(0, 12);

/** What another version wrote may have what this one cannot work with. */
const isUsable = (migration: Migration): boolean => {
  try {
    migration.stages.map(stageText);
    createEngine(migration);
    return routesOf(migration).every(({ flag, target }) => flag !== "" && target !== "");
  } catch {
    return false;
  }
};

/** The text, read by this version; also for a flag system that leeway.yaml does not name any more. */
const readAgain = ({ text, file, reading, hash }: RecordedDocument, targets: readonly string[]): Migration | null => {
  const yaml = text === null ? null : parseYaml(text, file);
  if (yaml === null || "problems" in yaml) return null;
  const known = reading === null ? [] : routesOf(reading).map(({ target }) => target);
  const read = readMigration(yaml.value, file, [...new Set([...targets, ...known])]);
  return "migration" in read && isItsDocument(read.migration, hash) ? read.migration : null;
};

/**
 * The document that a record is of; null where it cannot be had. Its text counts as long as this version reads the same
 * limits from it; else what the version that wrote it read.
 */
export const restoreDocument = (record: RecordedDocument, targets: readonly string[]): Migration | null => {
  const again = readAgain(record, targets);
  if (again !== null) return again;
  const { reading, hash } = record;
  if (reading === null || !isUsable(reading)) return null;
  return { ...reading, hash, earlierHashes: [] };
};
