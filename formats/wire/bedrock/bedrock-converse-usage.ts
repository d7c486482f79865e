import { objectOf } from "../../json/read-json.ts";
import { countOf } from "../../usage/reported-tokens.ts";
import { type TokenUsage, usageOf } from "../../usage/token-usage.ts";
import { CACHE_APART } from "../../usage/usage-convention.ts";

/** Converse's input tokens leave out what was read from or written to the cache. */
export const readConverseUsage = (value: unknown): TokenUsage => {
  const usage = objectOf(value);
  const reported = {
    ...{ input: countOf(usage.inputTokens), output: countOf(usage.outputTokens), total: null, reasoning: null },
    // The second of each is how the Nova models call it themselves.
    cacheRead: countOf(usage.cacheReadInputTokens ?? usage.cacheReadInputTokenCount),
    cacheWrite: countOf(usage.cacheWriteInputTokens ?? usage.cacheWriteInputTokenCount),
  };
  return usageOf(reported, CACHE_APART);
};
