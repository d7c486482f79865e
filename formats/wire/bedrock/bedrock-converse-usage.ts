import { numbersOf, objectOf } from "../../json/read-json.ts";
import { sumOfKnown } from "../../usage/sum-of-known.ts";
import type { TokenUsage } from "../../usage/token-usage.ts";

/** Converse's input tokens leave out what was read from or written to the cache. */
export const readConverseUsage = (value: unknown): TokenUsage => {
  const usage = objectOf(value);
  const { uncached, output, cached, cacheWrite } = numbersOf({
    uncached: usage.inputTokens,
    output: usage.outputTokens,
    // The second of each is how the Nova models call it themselves.
    cached: usage.cacheReadInputTokens ?? usage.cacheReadInputTokenCount,
    cacheWrite: usage.cacheWriteInputTokens ?? usage.cacheWriteInputTokenCount,
  });
  return numbersOf({ input: sumOfKnown(uncached, cached, cacheWrite), output, cached, cacheWrite });
};
