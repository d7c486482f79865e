import { expect, it } from "vitest";
import type { PricedCall } from "../../../collector/collaborators.ts";
import { normaliseSpan } from "../../../collector/normalise/normalise-span.ts";
import { receivedSpans } from "../otlp/received-spans.ts";
import { jsonRequest, START_MS } from "../otlp-request.ts";

const CALL = { "gen_ai.operation.name": "chat", "gen_ai.request.model": "m" };

/** What a span's call is priced by. */
const pricedBy = (attributes: Record<string, string | number>): PricedCall => {
  let priced: PricedCall | null = null;
  const [span] = receivedSpans(jsonRequest([{ attributes: { ...CALL, ...attributes } }]));
  if (span === undefined) throw new Error("no span");
  normaliseSpan(span, START_MS + 5000, {
    assign: () => ({ migration: "", cohort: "" }),
    price: (call) => {
      priced = call;
      return null;
    },
  });
  if (priced === null) throw new Error("not priced");
  return priced;
};

it.each([
  [
    "the conventions",
    { "openai.response.service_tier": "flex", "openai.request.service_tier": "auto" },
    "flex",
    "auto",
  ],
  ["their former names", { "gen_ai.openai.response.service_tier": "priority" }, "priority", ""],
  ["ours", { "leeway.service_tier": "batch" }, "batch", ""],
  ["nobody", {}, "", ""],
])("takes the tier of service from %s", (_who, attributes, service_tier, requested_tier) => {
  expect(pricedBy(attributes)).toMatchObject({ service_tier, requested_tier });
});

it.each([
  ["ours", { "leeway.usage.audio_input_tokens": 3 }, { audio_input_tokens: 3 }],
  [
    "OpenInference",
    { "openinference.span.kind": "LLM", "llm.token_count.prompt_details.audio": 3 },
    { audio_input_tokens: 3 },
  ],
  ["Pydantic AI", { "gen_ai.usage.details.output_audio_tokens": 3 }, { audio_output_tokens: 3 }],
  [
    "Langfuse",
    {
      "langfuse.observation.type": "generation",
      "langfuse.observation.usage_details": '{"input":9,"output":4,"output_audio":3}',
    },
    { audio_output_tokens: 3 },
  ],
  [
    "those who write Anthropic's names",
    { "anthropic.usage.cache_creation.ephemeral_1h_input_tokens": 3 },
    { cache_write_hour_tokens: 3 },
  ],
  ["nobody", {}, { audio_input_tokens: null, image_output_tokens: null }],
])("takes parts with a price of their own from %s", (_who, attributes, parts) => {
  expect(pricedBy(attributes).parts).toMatchObject(parts);
});
