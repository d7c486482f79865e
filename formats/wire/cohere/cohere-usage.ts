import { numbersOf, objectOf } from "../../json/read-json.ts";
import type { TokenUsage } from "../../usage/token-usage.ts";

/** Billed counts where given, as the conventions say: the others include Cohere's own prompt around the app's. */
export const readCohereUsage = (value: unknown): TokenUsage => {
  const { billed_units, tokens, cached_tokens } = objectOf(value);
  const counts = numbersOf({
    input: objectOf(billed_units).input_tokens ?? objectOf(tokens).input_tokens,
    output: objectOf(billed_units).output_tokens ?? objectOf(tokens).output_tokens,
    cached: cached_tokens,
  });
  // Cached tokens are counted among all tokens; of the billed ones there may be fewer.
  const { cached, ...rest } = counts;
  return cached !== undefined && cached <= (counts.input ?? 0) ? counts : rest;
};
