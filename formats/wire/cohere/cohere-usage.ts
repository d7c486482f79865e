import { objectOf } from "../../json/read-json.ts";
import { countOf, firstCount, NO_TOKENS } from "../../usage/reported-tokens.ts";
import { type TokenUsage, usageOf } from "../../usage/token-usage.ts";
import { unsaidFor } from "../../usage/usage-convention.ts";

/** Billed counts where given, as the conventions say: the others include Cohere's own prompt around the app's. */
export const readCohereUsage = (value: unknown): TokenUsage => {
  const { billed_units, tokens, cached_tokens } = objectOf(value);
  const input = firstCount(objectOf(billed_units).input_tokens, objectOf(tokens).input_tokens);
  const output = firstCount(objectOf(billed_units).output_tokens, objectOf(tokens).output_tokens);
  // Cached tokens are counted among all tokens; of the billed ones there may be fewer.
  const cached = countOf(cached_tokens);
  const cacheRead = cached !== null && cached <= (input ?? 0) ? cached : null;
  return usageOf({ ...NO_TOKENS, input, output, cacheRead }, unsaidFor(""));
};
