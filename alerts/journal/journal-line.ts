import { crc32 } from "node:zlib";
import { z } from "zod";
import type { LedgerEntry } from "../../core/ledger.ts";

const checksumOf = (json: string): string => crc32(json).toString(16).padStart(8, "0");

/** What every version of an entry has; the event is this product's own and protected by the checksum. */
const shape = z.object({
  id: z.string(),
  at: z.number(),
  migration: z.string(),
  by: z.string(),
  incident: z.string(),
  event: z.looseObject({ type: z.string() }),
});

const parse = (json: string): LedgerEntry | null => {
  try {
    const value: unknown = JSON.parse(json);
    return shape.safeParse(value).success ? (value as LedgerEntry) : null;
  } catch {
    return null;
  }
};

/** One line of the journal: the CRC-32 of the JSON in 8 hex digits, a space, the entry as JSON, a line feed. */
export const encodeLine = (entry: LedgerEntry): string => {
  const json = JSON.stringify(entry);
  return `${checksumOf(json)} ${json}\n`;
};

/** The entry of a line without its line feed; null when it is not what was written. */
export const decodeLine = (line: string): LedgerEntry | null => {
  const json = line.slice(9);
  return line.slice(0, 9) === `${checksumOf(json)} ` ? parse(json) : null;
};
