import { readFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import type { Audience } from "../../core/audience.ts";
import { NORMALISATIONS } from "../../core/normalisations.ts";
import { replaceFile } from "../replace-file.ts";

/** What the file keeps per flag. `writes` counts the writes and makes every revision a new one. */
export interface StoredFlag {
  /** Canary share, 0-1. */
  readonly share: number;
  /** Whom the share is for; left out = everybody, as in files of earlier versions. */
  readonly audience?: Audience;
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

/** An earlier version does not start on a file that has one: it would serve the share to everybody. */
const audience = z
  .strictObject({
    segment: z.string().min(1),
    values: z.array(z.string()).min(1),
    normalise: z.array(z.enum(NORMALISATIONS)).optional(),
  })
  .transform(
    ({ segment, values, normalise }): Audience => ({
      segment,
      values,
      ...(normalise === undefined ? {} : { normalise }),
    }),
  );

const storedFlag = z
  .strictObject({ share: z.number().min(0).max(1), audience: audience.optional(), writes: z.int().min(0) })
  .transform(
    (flag): StoredFlag => ({
      share: flag.share,
      ...(flag.audience === undefined ? {} : { audience: flag.audience }),
      writes: flag.writes,
    }),
  );

const fileSchema = z.strictObject({
  version: z.literal(1),
  flags: z.record(z.string(), storedFlag),
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
 * `{ "version": 1, "flags": { "<name>": { "share": 0.05, "audience": { "segment": "tier", "values": ["internal"] }, "writes": 3 } } }`,
 * without `audience` where the share is for everybody.
 */
export const FLAG_FILE: FlagFile = { load, read, save };
