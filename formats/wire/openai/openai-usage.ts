import { numbersOf, objectOf } from "../../json/read-json.ts";
import type { TokenUsage } from "../../usage/token-usage.ts";
import { withReasoning } from "../../usage/with-reasoning.ts";

/**
 * Reads a `usage` object of any OpenAI-like endpoint, with the names of chat completions or of responses. Their input
 * tokens include the cached ones.
 */
export const readUsage = (value: unknown): TokenUsage => {
  const usage = objectOf(value);
  const input = objectOf(usage.prompt_tokens_details ?? usage.input_tokens_details);
  const output = objectOf(usage.completion_tokens_details ?? usage.output_tokens_details);
  const read = numbersOf({
    input: usage.prompt_tokens ?? usage.input_tokens,
    output: usage.completion_tokens ?? usage.output_tokens,
    // DeepSeek's name is the second.
    cached: input.cached_tokens ?? usage.prompt_cache_hit_tokens,
    cacheWrite: input.cache_write_tokens,
    reasoning: output.reasoning_tokens,
  });
  return withReasoning(read, usage.total_tokens);
};
