import { printableLine } from "../core/printable.ts";

/** Tells what happens, line by line: a word for the part that acts, and what it did. */
export type Say = (who: string, text: string) => void;

/** Widest line of everything the demo prints for people. */
export const WIDTH = 100;

/** `text` cut at blanks into lines of at most `width` characters; a longer word keeps a line of its own. */
export const wrap = (text: string, width: number): readonly string[] => {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
};

/** A narrator that prints ` 12.3 s  flag      text …`, the time being `elapsedMs` since the start. */
export const createNarrator =
  (print: (text: string) => void, elapsedMs: () => number): Say =>
  (who, text) => {
    const head = `${(elapsedMs() / 1000).toFixed(1).padStart(5)} s  ${who.padEnd(9)} `;
    const lines = wrap(printableLine(text), WIDTH - head.length);
    print(lines.map((line, i) => `${i === 0 ? head : " ".repeat(head.length)}${line}\n`).join(""));
  };
