import { objectOf } from "../../json/read-json.ts";
import { countOf, firstCount, type ReportedTokens } from "../../usage/reported-tokens.ts";
import { type TokenUsage, usageOf } from "../../usage/token-usage.ts";
import { unsaidFor } from "../../usage/usage-convention.ts";
import { writtenByAge } from "../../usage/written-by-age.ts";

/**
 * Reads a `usage` object of any OpenAI-like endpoint, with the names of chat completions or of responses, and those that
 * providers and proxies put beside them: DeepSeek, Moonshot, Mistral, OpenRouter, DashScope, LiteLLM (which adds
 * Anthropic's own), Perplexity.
 */
export const readReported = (value: unknown): ReportedTokens => {
  const usage = objectOf(value);
  const input = objectOf(usage.prompt_tokens_details ?? usage.input_tokens_details);
  const output = objectOf(usage.completion_tokens_details ?? usage.output_tokens_details);
  return {
    input: firstCount(usage.prompt_tokens, usage.input_tokens),
    output: firstCount(usage.completion_tokens, usage.output_tokens),
    total: countOf(usage.total_tokens),
    cacheRead: firstCount(
      input.cached_tokens,
      usage.prompt_cache_hit_tokens,
      usage.cached_tokens,
      usage.cache_read_input_tokens,
      usage.num_cached_tokens,
      input.cache_read_tokens,
      input.cache_read_input_tokens,
    ),
    cacheWrite: firstCount(
      input.cache_write_tokens,
      input.cache_creation_tokens,
      input.cache_creation_input_tokens,
      usage.cache_creation_input_tokens,
      usage.cache_write_tokens,
      usage.cache_creation === undefined ? null : writtenByAge(usage.cache_creation),
    ),
    reasoning: firstCount(output.reasoning_tokens, usage.reasoning_tokens),
  };
};

/** An amount of US dollars above nothing: 0 is what is said where no price is known. */
const dollarsOf = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) && value > 0 ? value : null;

/** x.ai's ticks. */
const TICKS_PER_DOLLAR = 1e10;

/** What the provider says that the call cost, in US dollars: OpenRouter, Perplexity (in an object), x.ai. Null = unsaid. */
export const readCost = (value: unknown): number | null => {
  const { cost, cost_details, cost_in_usd_ticks, is_byok } = objectOf(value);
  const stated = dollarsOf(cost) ?? dollarsOf(objectOf(cost).total_cost);
  // With a key of the app's own, OpenRouter's cost is its fee; the model's comes beside it.
  const own = is_byok === true ? dollarsOf(objectOf(cost_details).upstream_inference_cost) : null;
  if (own !== null) return own + (stated ?? 0);
  const ticks = dollarsOf(cost_in_usd_ticks);
  return stated ?? (ticks === null ? null : ticks / TICKS_PER_DOLLAR);
};

/** The usage in a `usage` object of an answer of this model; empty = unknown. */
export const readUsage = (value: unknown, model: string): TokenUsage =>
  usageOf(readReported(value), unsaidFor(model), readCost(value));
