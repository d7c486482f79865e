import type { Features } from "../core/features.ts";
import type { LineScan } from "./line-scan.ts";
import type { TextScan } from "./text-scan.ts";

/** Automated readability index (Smith and Senter, 1967); null where words are not written apart. */
const readability = ({ scripts, words, wordChars, sentences }: TextScan): number | null =>
  (scripts.get("latin") ?? 0) * 2 > wordChars && words.length >= 20
    ? 4.71 * (wordChars / words.length) + 0.5 * (words.length / sentences) - 21.43
    : null;

/** The family `length`, of the part of an answer that is looked at. */
export const lengthFeatures = (scan: TextScan, { lines, paragraphs }: LineScan): Features => {
  const index = readability(scan);
  const counts = { words: scan.words.length, sentences: scan.sentences, lines, paragraphs };
  return index === null ? counts : { ...counts, readability: index };
};
