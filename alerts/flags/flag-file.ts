import { readFileSync } from "node:fs";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";

/** What the file keeps per flag. `writes` counts the writes and makes every revision a new one. */
export interface StoredFlag {
  /** Canary share, 0-1. */
  readonly share: number;
  readonly writes: number;
}

/** The flags of the file, by name. */
export type StoredFlags = ReadonlyMap<string, StoredFlag>;

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

/** Reads the file at start-up. Null when there is none; throws when it is there and is not what we wrote. */
export const loadFlags = (file: string): StoredFlags | null => {
  try {
    return parseFlags(readFileSync(file, "utf8"));
  } catch (error) {
    return orNullIfMissing(error);
  }
};

/** Reads the file while running. Null when there is none; throws when it is there and is not what we wrote. */
export const readFlags = async (file: string): Promise<StoredFlags | null> => {
  try {
    return parseFlags(await readFile(file, "utf8"));
  } catch (error) {
    return orNullIfMissing(error);
  }
};

const syncDirectory = async (directory: string): Promise<void> => {
  const handle = await open(directory, "r");
  await handle.sync().finally(() => handle.close());
};

/**
 * Replaces the file so that a crash at any moment leaves the old or the new content, never a mixture: a temporary
 * file beside it, fsync, rename, fsync of the directory. Throws what the file system throws. The shape is
 * `{ "version": 1, "flags": { "<name>": { "share": 0.05, "writes": 3 } } }`.
 */
export const saveFlags = async (file: string, flags: StoredFlags): Promise<void> => {
  const temporary = `${file}.tmp`;
  await mkdir(dirname(file), { recursive: true });
  const handle = await open(temporary, "w", 0o600);
  try {
    await handle.writeFile(`${JSON.stringify({ version: 1, flags: Object.fromEntries(flags) }, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  await syncDirectory(dirname(file));
};
