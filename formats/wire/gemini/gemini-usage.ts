import type { JsonObject } from "../../json/json-object.ts";
import { numbersOf } from "../../json/read-json.ts";
import { sumOfKnown } from "../../usage/sum-of-known.ts";
import type { TokenUsage } from "../../usage/token-usage.ts";

/** Thoughts and what server-side tools put into the prompt are counted apart from the answer and the prompt. */
export const readGeminiUsage = (usage: JsonObject): TokenUsage => {
  const { prompt, tools, answer, cached, reasoning } = numbersOf({
    prompt: usage.promptTokenCount,
    tools: usage.toolUsePromptTokenCount,
    answer: usage.candidatesTokenCount,
    cached: usage.cachedContentTokenCount,
    reasoning: usage.thoughtsTokenCount,
  });
  // An answer of thoughts only has no count of its own.
  const output = answer === undefined ? reasoning : sumOfKnown(answer, reasoning);
  return numbersOf({ input: sumOfKnown(prompt, tools), output, cached, reasoning });
};
