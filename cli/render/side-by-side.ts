import { diff } from "node:util";
import { printableLine } from "../../core/printable.ts";

/** Longer texts are compared and shown as far as this, characters: a person reads no more of them in a terminal. */
const MOST_CHARS = 12_000;
const MOST_WORDS = 3_000;
const NARROWEST = 40;
const WIDEST = 240;
const MIDDLE = " | ";

/** Words and what is between them, line breaks by themselves. */
const wordsOf = (text: string): readonly string[] => (text.match(/\n|[^\S\n]+|[^\s]+/gu) ?? []).slice(0, MOST_WORDS);

/** What of a text stands on one side alone is in brackets, so that nobody has to tell colours apart. */
const marked = (words: readonly { readonly text: string; readonly isOwn: boolean }[]): string => {
  let line = "";
  let isOpen = false;
  const isWordOwn = (at: number): boolean => words[at]?.isOwn ?? false;
  for (const [at, { text, isOwn: isFound }] of words.entries()) {
    const isBreak = text === "\n";
    // a blank belongs to the words around it
    const isOwn = text.trim() === "" ? isWordOwn(at - 1) && isWordOwn(at + 1) : isFound;
    if (isOpen && (!isOwn || isBreak)) [line, isOpen] = [`${line}]`, false];
    if (!isOpen && isOwn && !isBreak) [line, isOpen] = [`${line}[`, true];
    line += text;
  }
  return isOpen ? `${line}]` : line;
};

/** Both texts with what differs marked. */
const markBoth = (left: string, right: string): readonly [string, string] => {
  const [before, after] = [[...wordsOf(left)], [...wordsOf(right)]];
  const own: [{ text: string; isOwn: boolean }[], { text: string; isOwn: boolean }[]] = [[], []];
  if (left === right) return [left, right];
  for (const [operation, text] of diff(before, after)) {
    if (operation >= 0) own[0].push({ text, isOwn: operation > 0 });
    if (operation <= 0) own[1].push({ text, isOwn: operation < 0 });
  }
  return [marked(own[0]), marked(own[1])];
};

/** Lines of at most `width` characters, broken at blanks where there are any. Nothing in them is obeyed by a terminal. */
const wrapped = (text: string, width: number): readonly string[] =>
  text.split("\n").flatMap((line) => {
    const lines: string[] = [];
    let rest = printableLine(line);
    while (rest.length > width) {
      const blank = rest.lastIndexOf(" ", width);
      const at = blank > width / 2 ? blank : width;
      lines.push(rest.slice(0, at));
      rest = rest.slice(at).trimStart();
    }
    return [...lines, rest];
  });

const short = (text: string): string =>
  text.length <= MOST_CHARS
    ? text
    : `${text.slice(0, MOST_CHARS).toWellFormed()}\n(${text.length - MOST_CHARS} more characters)`;

/** A text and what stands above it. */
export interface TitledText {
  readonly title: string;
  readonly text: string;
}

/**
 * Two texts side by side in `width` columns (40 to 240), words that only one of them has in brackets, unless `isCompared` is false.
 * Of more than 12,000 characters the rest is counted, not shown.
 */
export const sideBySide = (
  left: TitledText,
  right: TitledText,
  width: number,
  isCompared = true,
): readonly string[] => {
  const half = Math.floor((Math.min(WIDEST, Math.max(NARROWEST, width)) - MIDDLE.length) / 2);
  const shown = [short(left.text), short(right.text)] as const;
  const [one, two] = isCompared ? markBoth(...shown) : shown;
  const columns = [
    [...wrapped(left.title, half), "-".repeat(half), ...wrapped(one, half)],
    [...wrapped(right.title, half), "-".repeat(half), ...wrapped(two, half)],
  ] as const;
  const rows = Math.max(...columns.map(({ length }) => length));
  return Array.from({ length: rows }, (_, at) =>
    `${(columns[0][at] ?? "").padEnd(half)}${MIDDLE}${columns[1][at] ?? ""}`.trimEnd(),
  );
};
