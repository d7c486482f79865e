import type { JsonObject } from "../../json/json-object.ts";
import { countOf, type ReportedTokens } from "../../usage/reported-tokens.ts";
import { type TokenUsage, usageOf } from "../../usage/token-usage.ts";
import { THOUGHTS_APART } from "../../usage/usage-convention.ts";

/** The counts of `usageMetadata`. What server-side tools put into the prompt is counted apart from the prompt. */
export const readGeminiReported = (usage: JsonObject): ReportedTokens => {
  const prompt = countOf(usage.promptTokenCount);
  const reasoning = countOf(usage.thoughtsTokenCount);
  // An answer of thoughts only has no count of its own.
  const output = countOf(usage.candidatesTokenCount) ?? (reasoning === null ? null : 0);
  return {
    input: prompt === null ? null : prompt + (countOf(usage.toolUsePromptTokenCount) ?? 0),
    ...{ output, reasoning, total: countOf(usage.totalTokenCount) },
    ...{ cacheRead: countOf(usage.cachedContentTokenCount), cacheWrite: null },
  };
};

/** The usage in counts of `usageMetadata`. */
export const geminiUsage = (reported: ReportedTokens): TokenUsage => usageOf(reported, THOUGHTS_APART);
