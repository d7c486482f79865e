import { UNPRINTABLE } from "../../core/printable.ts";

const RUNS = new RegExp(`(?:${UNPRINTABLE.source})+`, UNPRINTABLE.flags);

/** `text` on one line, without terminal escapes, line breaks and what cannot be seen: one space stands for each run. */
export const oneLine = (text: string): string => text.toWellFormed().replace(RUNS, " ").trim();
