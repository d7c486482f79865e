import { GEN_AI, LEEWAY, OPENAI, OTEL } from "../../../core/attributes.ts";
import { EVALUATION_EVENT } from "../../../core/outcome-attributes.ts";
import { ALL_WITHIN } from "../../usage/usage-convention.ts";
import type { Dialect } from "../dialect.ts";
import { messageIn } from "../read/message-shapes.ts";
import { listIn, textIn } from "../read/recorded-values.ts";
import { SEMANTIC_CONVENTIONS_KIND } from "./semantic-conventions-kind.ts";

/** Scopes known to count as the conventions say. */
const INCLUSIVE = new Set(["leeway", "com.anthropic.sdk.typescript", "pydantic-ai"]);

/** The GenAI semantic conventions as they are now; Leeway's own spans use them. */
export const SEMANTIC_CONVENTIONS: Dialect = {
  name: "semantic-conventions",
  mark: null,
  kind: SEMANTIC_CONVENTIONS_KIND,
  fields: {
    provider: [GEN_AI.provider],
    request_model: [GEN_AI.requestModel],
    response_model: [GEN_AI.responseModel],
    system_fingerprint: [OPENAI.systemFingerprint],
    response_id: [GEN_AI.responseId],
    conversation_id: [GEN_AI.conversation],
    prompt_name: [GEN_AI.promptName],
    prompt_version: [GEN_AI.promptVersion],
    flag_key: [OTEL.flagKey],
    flag_variant: [OTEL.flagVariant],
    streamed: [GEN_AI.requestStream],
    error_type: [OTEL.errorType],
    http_status: [OTEL.httpStatus],
    finish_reason: [GEN_AI.finishReasons],
    input_tokens: [GEN_AI.inputTokens],
    output_tokens: [GEN_AI.outputTokens],
    cached_tokens: [GEN_AI.cacheReadTokens],
    cache_write_tokens: ["gen_ai.usage.cache_write.input_tokens"],
    reasoning_tokens: [GEN_AI.reasoningTokens],
    service_tier: [OPENAI.responseServiceTier, LEEWAY.serviceTier],
    requested_tier: [OPENAI.requestServiceTier],
    cache_write_hour_tokens: [LEEWAY.cacheWriteHourTokens],
    audio_input_tokens: [LEEWAY.audioInputTokens],
    audio_output_tokens: [LEEWAY.audioOutputTokens],
    image_output_tokens: [LEEWAY.imageOutputTokens],
    ttft_ms: [{ key: GEN_AI.timeToFirstChunk, times: 1000 }],
  },
  usage: [
    {
      sender: "Leeway, Anthropic's SDK, Pydantic AI",
      isFor: ({ scope }) => INCLUSIVE.has(scope),
      convention: ALL_WITHIN,
    },
  ],
  answer: {
    form: "messages",
    message: (recorded) => messageIn(recorded, GEN_AI.outputMessages),
    tools: (recorded) => listIn(recorded, GEN_AI.toolDefinitions),
    input: (recorded) => recorded.get(GEN_AI.inputMessages),
    system: (recorded) => recorded.get(GEN_AI.systemInstructions),
    json: (recorded) => textIn(recorded, GEN_AI.outputType) === "json",
  },
  evaluations: { inEvent: (eventName, attributes) => (eventName === EVALUATION_EVENT ? attributes : null) },
};
