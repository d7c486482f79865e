import { readFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { replaceFile } from "../replace-file.ts";

/** What the file keeps per flag. `writes` counts the writes and makes every revision a new one. */
export interface StoredFlag {
  /** Canary share, 0-1. */
  readonly share: number;
  readonly writes: number;
}

/** A flag that was never written. */
export const OFF: StoredFlag = { share: 0, writes: 0 };

/** The flags of the file, by name. */
export type StoredFlags = ReadonlyMap<string, StoredFlag>;

/** The file as the flag store uses it. */
export interface FlagFile {
  /** Reads it at start-up. Null when there is none; throws when it is there and is not what we wrote. */
  readonly load: (file: string) => StoredFlags | null;
  /** The same while running. */
  readonly read: (file: string) => Promise<StoredFlags | null>;
  /** Replaces it. Rejects with what the file system throws; the file is then the old or the new one. */
  readonly save: (file: string, flags: StoredFlags) => Promise<void>;
}

const fileSchema = z.strictObject({
  version: z.literal(1),
  flags: z.record(z.string(), z.strictObject({ share: z.number().min(0).max(1), writes: z.int().min(0) })),
});

const parseFlags = (text: string): StoredFlags => {
  const parsed = fileSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error("is JSON, but no flag file of version 1");
  return new Map(Object.entries(parsed.data.flags));
};

const orNullIfMissing = (error: unknown): null => {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
  throw error;
};

const load: FlagFile["load"] = (file) => {
  try {
    return parseFlags(readFileSync(file, "utf8"));
  } catch (error) {
    return orNullIfMissing(error);
  }
};

const read: FlagFile["read"] = async (file) => {
  try {
    return parseFlags(await readFile(file, "utf8"));
  } catch (error) {
    return orNullIfMissing(error);
  }
};

const save: FlagFile["save"] = async (file, flags) => {
  await mkdir(dirname(file), { recursive: true });
  await replaceFile(file, `${JSON.stringify({ version: 1, flags: Object.fromEntries(flags) }, null, 2)}\n`);
};

/**
 * The real file, replaced as a whole (see replaceFile). The shape is
 * `{ "version": 1, "flags": { "<name>": { "share": 0.05, "writes": 3 } } }`.
 */
export const FLAG_FILE: FlagFile = { load, read, save };
