import { builtInPrices } from "../../../agent/prices/prices.ts";
import type { DirtyCase, DirtyKind } from "../case.ts";

/** Which model of the built-in table prices a name. */
const pricedAs = (name: string): string => builtInPrices.find(name)?.name ?? "unknown";

const named = (input: string, right: string, before = "unknown"): DirtyCase => ({
  ...{ input, right, before },
  measure: () => pricedAs(input),
  isRight: (said) => said === right,
});

const CALL = {
  provider: "",
  response_model: "",
  cached_tokens: null,
  cache_write_tokens: null,
  reasoning_tokens: null,
};

const inTier = (model: string, service_tier: string, right: string, before: string): DirtyCase => ({
  input: `a million input tokens of ${model}, answered in tier ${service_tier}`,
  ...{ right, before },
  measure: () => {
    const usd = builtInPrices.price({
      ...{ ...CALL, request_model: model, input_tokens: 1_000_000, output_tokens: 0, service_tier },
    });
    return usd === null ? "unknown" : `$${usd}`;
  },
  isRight: (said) => said === right,
});

/** A cost is known by the names people use, and unknown rather than wrong. */
export const priceNames: DirtyKind = {
  kind: "prices: names and tiers",
  cases: [
    named(
      "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-20250514-v1:0",
      "claude-sonnet-4",
    ),
    named("azure/gpt-4o", "gpt-4o"),
    named("vertex_ai/gemini-2.5-flash", "gemini-2.5-flash"),
    named("jp.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"),
    named("anthropic/claude-sonnet-4.5", "claude-sonnet-4-5"),
    named("gpt-35-turbo", "gpt-3.5-turbo"),
    named("azure/eu/gpt-4o", "unknown"),
    named("groq/openai/gpt-4o", "unknown"),
    named("gpt-4o-mini-prod", "unknown"),
    inTier("gpt-5-mini", "flex", "$0.125", "$0.25"),
    inTier("gpt-5-mini", "priority", "$0.45", "$0.25"),
    inTier("gpt-4o", "scale", "unknown", "$2.5"),
  ],
};
