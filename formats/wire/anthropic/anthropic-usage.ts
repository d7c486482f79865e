import { objectOf } from "../../json/read-json.ts";
import { countOf, laterTokens, NO_TOKENS, type ReportedTokens } from "../../usage/reported-tokens.ts";
import { type TokenUsage, usageOf } from "../../usage/token-usage.ts";
import { CACHE_APART } from "../../usage/usage-convention.ts";
import { writtenByAge } from "../../usage/written-by-age.ts";

const reportedIn = (value: unknown): ReportedTokens => {
  const usage = objectOf(value);
  return {
    input: countOf(usage.input_tokens),
    output: countOf(usage.output_tokens),
    total: null,
    cacheRead: countOf(usage.cache_read_input_tokens),
    cacheWrite: countOf(usage.cache_creation_input_tokens) ?? writtenByAge(usage.cache_creation),
    reasoning: countOf(objectOf(usage.output_tokens_details).thinking_tokens),
  };
};

/**
 * Reads Anthropic's `usage` objects, later ones over earlier ones: a stream gives counts at its start and cumulative
 * ones at its end. Their `input_tokens` leave out what was read from or written to the cache.
 */
export const readAnthropicUsage = (...usages: readonly unknown[]): TokenUsage =>
  usageOf(
    usages.map(reportedIn).reduce((before, after) => laterTokens(before, after), NO_TOKENS),
    CACHE_APART,
  );
