import type { Answer } from "../answer.ts";
import type { FoundJson } from "../json/find-json.ts";
import { type LineScan, scanLines } from "../line-scan.ts";
import { sampleText } from "../sample-text.ts";

/** How an answer is laid out, as one word. */
export type PairFormat =
  /** no text and no tool call */
  | "empty"
  /** tool calls alone */
  | "tools"
  | "json"
  | "fenced-json"
  | "code"
  | "fenced-code"
  | "list"
  | "markdown"
  | "prose";

const MANY = 2;
const CODE_LINES = 3;

const CODE =
  /^\s{0,80}(?:(?:def|class|function|import|from|const|let|var|public|private|static|return|if|for|while|elif|else|try|except|select|insert|create)\b.{0,200}[:;{(=]|#include|@\w|\/\/|[}\])]+[;,]?$|return\b|[\w.[\]]{1,60} ?[-+*/]?= ?\S)|[;{}]\s{0,8}$/i;

/** Code without a fence: most lines look like a program's. */
const looksLikeCode = (text: string): boolean => {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.length >= CODE_LINES && lines.filter((line) => CODE.test(line.slice(0, 400))).length * 2 > lines.length;
};

const MARKDOWN = /(?:\*\*[^*\n]{1,200}\*\*|\[[^\]\n]{1,200}\]\()/;

const ofLines = (text: string, { bullets, numbered, tableRows, headings }: LineScan): PairFormat => {
  if (headings > 0) return "markdown";
  if (bullets + numbered >= MANY) return "list";
  if (tableRows > 0 || MARKDOWN.test(text)) return "markdown";
  return looksLikeCode(text) ? "code" : "prose";
};

const holdsMembers = ({ value }: FoundJson): boolean => typeof value === "object" && value !== null;

/** The layout of an answer whose JSON, where it has any, is `found`. The first that fits wins; looks at 18 Ki characters. */
export const pairFormat = ({ text, toolCalls }: Answer, found: FoundJson | null): PairFormat => {
  const sample = sampleText(text ?? "");
  if (sample.trim() === "") return toolCalls.length > 0 ? "tools" : "empty";
  if (found !== null && holdsMembers(found)) {
    if (found.whole) return "json";
    if (!found.preamble && !found.commentary) return "fenced-json";
  }
  const lines = scanLines(sample);
  return lines.fences > 0 ? "fenced-code" : ofLines(sample, lines);
};
