import type { LineScan } from "./line-scan.ts";
import type { WrittenFeatures } from "./written-features.ts";

/** `[Yes]`, `(B)`, `C)`, `D. `, or a letter alone. */
const OPTION = /^\s{0,20}(?:\[|\([A-Za-z0-9]\)|[A-Za-z](?:[).:]|\s{0,20}$))/;

const FINAL = /[.!?\u2026\u3002\uff01\uff1f\u061f\u0964:;"')\]}\u201d\u2019`*|>]\s{0,20}$/;

const VERY_SHORT = 20;
const SHORT_LINE = 200;

/** How the answer is laid out: the one label the family is judged by. */
export type AnswerForm = "json" | "code" | "list" | "prose" | "line" | "option" | "word";

/** Writes the family `answer format`: flags of the layout. `text` is trimmed. */
export const putAnswerFormat = (into: WrittenFeatures, text: string, { lines }: LineScan): void => {
  into.option_start = Number(OPTION.test(text.slice(0, 40)));
  into.one_line = Number(lines <= 1);
  into.very_short = Number(text.length < VERY_SHORT);
  into.no_final_punctuation = Number(!FINAL.test(text.slice(-40)));
};

/** The label of the family. `text` is trimmed; the first that fits wins. */
export const answerForm = (text: string, scan: LineScan): AnswerForm => {
  if (/^[[{]\s{0,20}["{[\]}\d]/.test(text.slice(0, 40))) return "json";
  if (scan.fences > 0) return "code";
  if (OPTION.test(text.slice(0, 40))) return "option";
  if (text.length < VERY_SHORT) return "word";
  if (scan.bullets + scan.numbered + scan.tableRows >= 2) return "list";
  return scan.lines <= 1 && text.length < SHORT_LINE ? "line" : "prose";
};
