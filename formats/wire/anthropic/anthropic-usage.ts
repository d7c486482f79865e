import type { JsonObject } from "../../json/json-object.ts";
import { numbersOf, objectOf } from "../../json/read-json.ts";
import { sumOfKnown } from "../../usage/sum-of-known.ts";
import type { TokenUsage } from "../../usage/token-usage.ts";

/**
 * Reads Anthropic's `usage` objects, later ones over earlier ones: a stream gives counts at its start and cumulative
 * ones at its end. Their `input_tokens` leave out what was read from or written to the cache.
 */
export const readAnthropicUsage = (...usages: readonly unknown[]): TokenUsage => {
  const known: JsonObject[] = usages.map((usage) =>
    Object.fromEntries(Object.entries(objectOf(usage)).filter(([, value]) => value !== null)),
  );
  const usage: JsonObject = Object.assign({}, ...known);
  const { uncached, cached, cacheWrite, output, reasoning } = numbersOf({
    uncached: usage.input_tokens,
    cached: usage.cache_read_input_tokens,
    cacheWrite: usage.cache_creation_input_tokens,
    output: usage.output_tokens,
    reasoning: objectOf(usage.output_tokens_details).thinking_tokens,
  });
  return numbersOf({ input: sumOfKnown(uncached, cached, cacheWrite), output, cached, cacheWrite, reasoning });
};
