import type { Call, InputType, Language, Reply } from "./call.ts";
import type { Draw } from "./draw.ts";

/** Characters per token, as today's tokenizers need them. */
const CHARS_PER_TOKEN: Readonly<Record<Language, number>> = { en: 4.4, de: 3.7, es: 3.9, fr: 3.8 };
const JSON_CHARS_PER_TOKEN = 3.1;

/** System prompt, tools and schema of each kind of request, in tokens. */
const PROMPT: Readonly<Record<InputType, number>> = {
  ...{ faq: 900, billing: 950, technical: 1150, smalltalk: 420, extraction: 1300, tools: 1450 },
};

const CACHE_BLOCK = 1024;

/** Tokens of an answer. */
export const completionTokensOf = (
  { text, toolCalls }: Reply,
  type: InputType,
  language: Language,
  draw: Draw,
): number => {
  const perToken = type === "extraction" ? JSON_CHARS_PER_TOKEN : CHARS_PER_TOKEN[language];
  const ofText = (text?.length ?? 0) / (perToken * draw.lognormal(1, 0.03));
  const ofCalls = toolCalls.reduce((sum, call) => sum + 9 + call.arguments.length / JSON_CHARS_PER_TOKEN, 0);
  return Math.max(1, Math.round(ofText + ofCalls));
};

/** Tokens of a request: the instructions, what was said before, and the message itself. */
export const promptTokensOf = (
  type: InputType,
  turn: number,
  draw: Draw,
): Pick<Call, "promptTokens" | "cachedTokens"> => {
  const promptTokens = Math.round(PROMPT[type] + turn * draw.whole(60, 160) + draw.lognormal(70, 0.6));
  const isCached = promptTokens > CACHE_BLOCK && draw.chance(0.4);
  return { promptTokens, cachedTokens: isCached ? CACHE_BLOCK : 0 };
};

/** How long an answer takes: the wait for its first token, then its tokens. `load` = 1 on an ordinary minute. */
export const timingOf = (tokens: number, load: number, draw: Draw): Pick<Call, "durationMs" | "firstContentMs"> => {
  const slow = load * draw.lognormal(1, 0.3);
  const firstContentMs = 310 * slow * draw.lognormal(1, 0.15);
  return { firstContentMs, durationMs: firstContentMs + (1000 * tokens * slow) / 170 };
};
