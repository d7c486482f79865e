import type { LineScan } from "./line-scan.ts";
import { MARKS } from "./marks.ts";
import type { WrittenFeatures } from "./written-features.ts";

const BOLD = /\*\*[^*\n]{1,200}\*\*/;
const LINK = /\[[^[\]\n]{1,200}\]\(/;

/** A list has two entries at least: one line may begin with a number by chance. */
const MIN_ENTRIES = 2;

/** Writes the family `markdown`; `marks` are those of the text. */
export const putMarkdown = (into: WrittenFeatures, text: string, scan: LineScan, marks: number): void => {
  into.headings = Number(scan.headings > 0);
  into.bullets = Number(scan.bullets >= MIN_ENTRIES);
  into.numbered = Number(scan.numbered >= MIN_ENTRIES);
  into.bullet_items = scan.bullets;
  into.numbered_items = scan.numbered;
  into.tables = Number(scan.tableRows >= MIN_ENTRIES);
  into.bold = Number((marks & MARKS.markup) !== 0 && BOLD.test(text));
  into.links = Number((marks & MARKS.bracket) !== 0 && LINK.test(text));
};
