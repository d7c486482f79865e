import type { Features } from "../core/features.ts";
import type { LineScan } from "./line-scan.ts";

const BOLD = /\*\*[^*\n]{1,200}\*\*/;
const LINK = /\[[^[\]\n]{1,200}\]\(/;

/** A list has two entries at least: one line may begin with a number by chance. */
const MIN_ENTRIES = 2;

/** The family `markdown`. */
export const markdownFeatures = (text: string, scan: LineScan): Features => ({
  headings: Number(scan.headings > 0),
  bullets: Number(scan.bullets >= MIN_ENTRIES),
  numbered: Number(scan.numbered >= MIN_ENTRIES),
  bullet_items: scan.bullets,
  numbered_items: scan.numbered,
  tables: Number(scan.tableRows >= MIN_ENTRIES),
  bold: Number(BOLD.test(text)),
  links: Number(LINK.test(text)),
});
