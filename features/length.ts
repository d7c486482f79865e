import type { LineScan } from "./line-scan.ts";
import { LATIN } from "./script-of-character.ts";
import type { TextScan } from "./text-scan.ts";
import type { WrittenFeatures } from "./written-features.ts";

/** Automated readability index (Smith and Senter, 1967); null where words are not written apart. */
const readability = ({ letters, wordCount, wordChars, sentences }: TextScan): number | null =>
  (letters[LATIN] ?? 0) * 2 > wordChars && wordCount >= 20
    ? 4.71 * (wordChars / wordCount) + 0.5 * (wordCount / sentences) - 21.43
    : null;

/** Writes the families `length` and `layout`, and the readability, of the part of an answer that is looked at. */
export const putLength = (into: WrittenFeatures, scan: TextScan, { lines, paragraphs }: LineScan): void => {
  into.words = scan.wordCount;
  into.sentences = scan.sentences;
  into.lines = lines;
  into.paragraphs = paragraphs;
  const index = readability(scan);
  if (index !== null) into.readability = index;
};
