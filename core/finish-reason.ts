/** What providers and instrumentations call the same thing, in lower case with `_` between the words. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  stop: [
    ...["stop", "end_turn", "stop_sequence", "stop_sequences", "stop_criteria_met", "stop_token"],
    ...["complete", "completed", "finish", "finished", "end", "eos", "eos_token", "end_of_turn", "end_of_text"],
  ],
  length: [
    ...["length", "max_tokens", "max_output_tokens", "max_completion_tokens", "max_new_tokens", "max_length"],
    ...["max_tokens_reached", "token_limit", "token_limit_reached", "length_limit", "model_length", "error_limit"],
    ...["context_length", "context_length_exceeded", "context_window_exceeded", "model_context_window_exceeded"],
  ],
  tool_calls: [
    ...["tool_calls", "tool_call", "tool_use", "tool_uses", "tool", "tools"],
    ...["function_call", "function_calls", "function"],
  ],
  content_filter: [
    ...["content_filter", "content_filtered", "content_filtering", "refusal", "safety", "recitation", "blocklist"],
    ...["prohibited_content", "spii", "image_safety", "image_prohibited_content", "image_recitation", "model_armor"],
    ...["guardrail_intervened", "error_toxic"],
  ],
  error: [
    ...["error", "failed", "malformed_function_call", "unexpected_tool_call", "too_many_tool_calls"],
    ...["malformed_tool_use", "malformed_model_output"],
  ],
  /** Said where nothing is known. */
  "": ["", "unknown", "unspecified", "null", "none", "undefined", "nil"],
};

const REASONS: ReadonlyMap<string, string> = new Map(
  Object.entries(WORDS).flatMap(([reason, words]) => words.map((word) => [word, reason] as const)),
);

/** As enums are printed in lower case: `maxtokens`. */
const UNBROKEN: ReadonlyMap<string, string> = new Map(
  [...REASONS].map(([word, reason]) => [word.replaceAll("_", ""), reason] as const),
);

/** What no provider uses for a reason, it is some other text. */
const WORD = /^[a-z][a-z0-9_.]{0,63}$/;

/** Longer than a list of reasons is. */
const MAX_CHARS = 256;

/** Brackets and quotes of a list that came as text, in JSON's way or Python's: `["stop"]`, `['length']`, `('stop',)`. */
const OPENING = /^[\s[({<"'`]+/;
const FIRST = /^[^,;|\])}>"'`]*/;

/** Which enum a word is of, as programs print it: `FinishReason.`, `FinishReason::`, `FINISH_REASON_`. */
const ENUM = /^(?:[a-z]\w*(?:\.|::))+(?=[a-z])/i;
const PREFIX = /^(?:chat_|completions?_)?(?:finish|stop|completion|done)_?reason_/;

/** Members of an object in which the reason is (Vercel AI, Responses, Anthropic's details). */
const MEMBERS = ["unified", "finish_reason", "stop_reason", "reason", "type", "value", "name"];

/** `ContentFilter` and `maxTokens` as words. */
const spaced = (word: string): string =>
  word.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").replaceAll(/([A-Z])([A-Z][a-z])/g, "$1_$2");

const wordsOf = (text: string): string =>
  spaced(text.trim().replace(ENUM, "")).toLowerCase().replaceAll("-", "_").replace(PREFIX, "");

const knownReason = (words: string): string | undefined =>
  REASONS.get(words.replaceAll(/[\s_]+/g, "_")) ?? UNBROKEN.get(words);

const ofText = (text: string): string => {
  const [first = ""] = FIRST.exec(text.slice(0, MAX_CHARS).replace(OPENING, "")) ?? [];
  // `<FinishReason.STOP: 1>`, and `finish_reason: STOP`
  const [words = "", behind = ""] = first.split(/(?<!:):(?!:)/, 2).map(wordsOf);
  const known = knownReason(words) ?? (behind === "" ? undefined : knownReason(behind));
  // A number is the member of an enum that is not known here.
  if (known !== undefined || /^\d*$/.test(words)) return known ?? "";
  return WORD.test(words) ? words : "other";
};

const memberOf = (value: object): unknown =>
  MEMBERS.map((name) => (value as Readonly<Record<string, unknown>>)[name]).find((found) => found != null);

/**
 * One spelling for finish reasons: `stop`, `length`, `tool_calls`, `content_filter`, `error`, or the sender's own
 * word; `other` for what is no word. A migration between providers would otherwise look like a change of every answer.
 * Takes text in any case, enums as they are printed, and of a list, also one that is text, the first choice's. Empty when
 * unknown, as a bare number is.
 */
export const finishReason = (given: unknown): string => {
  if (typeof given === "string") return REASONS.get(given) ?? (given.startsWith("{") ? ofJson(given) : ofText(given));
  if (typeof given !== "object" || given === null) return "";
  return finishReason(Array.isArray(given) ? given[0] : memberOf(given));
};

const ofJson = (text: string): string => {
  try {
    return text.length > MAX_CHARS ? "other" : finishReason(JSON.parse(text.replaceAll("'", '"')));
  } catch {
    return "other";
  }
};

/** Reasons that are known to be another than the token limit. */
const NOT_CUT = new Set(["stop", "tool_calls", "content_filter", "error", "cancelled", "pause_turn"]);

/** Whether an answer with this reason, in the one spelling, was cut at the token limit; null where that is not known. */
export const isCutAtLimit = (reason: string): boolean | null =>
  reason === "length" ? true : NOT_CUT.has(reason) ? false : null;
