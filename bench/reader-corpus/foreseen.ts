import type { Harm } from "./run-corpus.ts";

/**
 * What the engine by itself lets its reader's role do, in this version: no grant stands before the function `file`, the
 * binding writes INTO OUTFILE, and a second statement is run as the first. All of it is refused by the words of the
 * statement; a way that is not of these is news.
 */
export const isForeseen = ({ attempt: { kind, entry, sql } }: Harm): boolean =>
  (kind === "function" && entry === "file") || / INTO OUTFILE |; SELECT file\(| ALIAS file\(/.test(sql);
