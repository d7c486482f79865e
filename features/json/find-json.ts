import { type Parsed, parseJson } from "./parse-json.ts";

/** JSON found in an answer, and what stands around it. */
export interface FoundJson extends Parsed {
  /** True when the answer is the JSON and nothing else. */
  readonly whole: boolean;
  /** Text, not blank and not a fence, before and after the JSON. */
  readonly preamble: boolean;
  readonly commentary: boolean;
}

const OPENING_FENCE = /^\s*(?:```|~~~)[\w+-]{0,20}\s*$/;
const CLOSING_FENCE = /^\s*(?:```|~~~)\s*$/;

const firstOf = (text: string): number => {
  const [brace, bracket] = [text.indexOf("{"), text.indexOf("[")];
  return brace < 0 || bracket < 0 ? Math.max(brace, bracket) : Math.min(brace, bracket);
};

/** True when `text` holds more than blanks and one fence mark. */
const says = (text: string, fence: RegExp): boolean => text.trim() !== "" && !fence.test(text.slice(0, 64));

/**
 * The JSON of an answer: the whole of it, or what stands between its first `{` or `[` and the last `}` or `]`, which
 * also takes a code fence off. Null when neither parses. At most two attempts, so linear.
 */
export const findJson = (text: string): FoundJson | null => {
  const whole = parseJson(text);
  if (whole !== null) return { ...whole, whole: true, preamble: false, commentary: false };
  const from = firstOf(text);
  const to = Math.max(text.lastIndexOf("}"), text.lastIndexOf("]")) + 1;
  const isWhole = from === 0 && to === text.length;
  const inner = from < 0 || to <= from || isWhole ? null : parseJson(text.slice(from, to));
  if (inner === null) return null;
  const [before, after] = [text.slice(0, from), text.slice(to)];
  const preamble = says(before, OPENING_FENCE);
  return { ...inner, whole: false, preamble, commentary: says(after, CLOSING_FENCE) };
};
