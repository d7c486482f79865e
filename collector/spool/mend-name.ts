import { tokenIn } from "./record-check.ts";
import { isNewerName, parseOpenName, parseSealedName, readableName, tokenOf } from "./segment-name.ts";
import type { SpoolFiles } from "./spool-files.ts";

/** Longer than the first row of any segment; a stranger's file is not read further. */
const START_BYTES = 1024 ** 2;
const BITS = [1, 2, 4, 8, 16, 32, 64, 128];

const idOf = (name: string) => parseOpenName(name) ?? parseSealedName(name);

/** The names of segments that are one bit away from `name`. */
const neighbours = (name: string): readonly string[] =>
  [...name].flatMap((_letter, at) =>
    BITS.map((bit) => name.slice(0, at) + String.fromCharCode(name.charCodeAt(at) ^ bit) + name.slice(at + 1)).filter(
      (each) => idOf(readableName(each)) !== null || isNewerName(each),
    ),
  );

/**
 * The name a file had before a bit of it flipped: of the names one bit away, that of the segment its content says it
 * is. Null for a stranger's file. Rejects when the file cannot be read.
 */
export const mendName = async (files: SpoolFiles, name: string): Promise<string | null> => {
  const possible = neighbours(name).map(readableName);
  if (possible.length === 0) return null;
  const start = await files.readStart(name, START_BYTES);
  const token = tokenIn(start.subarray(0, start.indexOf(10)));
  return possible.find((each) => tokenOf(idOf(each) ?? { run: "", number: 0, firstMs: 0 }) === token) ?? null;
};
