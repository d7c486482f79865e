import type { Dialect } from "../dialect.ts";
import { spreadMessageIn } from "../read/message-shapes.ts";
import { numbered } from "../read/recorded-values.ts";
import { spreadMessages } from "../read/spread-messages.ts";
import { openinferenceEvaluations } from "./openinference-evaluations.ts";
import { OPENINFERENCE_KIND } from "./openinference-kind.ts";

/** OpenInference (Arize). `llm.model_name` comes last: the response's model overwrites it on calls without a stream. */
export const OPENINFERENCE: Dialect = {
  name: "openinference",
  mark: "openinference.span.kind",
  kind: OPENINFERENCE_KIND,
  fields: {
    provider: ["llm.provider", "llm.system"],
    request_model: [
      "llm.request.model_name",
      { key: "llm.invocation_parameters", member: "model" },
      "llm.model_name",
      "embedding.model_name",
    ],
    response_model: ["llm.response.model_name", { key: "output.value", member: "model" }],
    response_id: [{ key: "output.value", member: "id" }],
    conversation_id: ["session.id"],
    prompt_name: ["prompt.id"],
    prompt_version: ["llm.prompt_template.version"],
    streamed: [{ key: "llm.invocation_parameters", member: "stream" }],
    finish_reason: ["llm.finish_reason"],
    input_tokens: ["llm.token_count.prompt"],
    output_tokens: ["llm.token_count.completion"],
    total_tokens: ["llm.token_count.total"],
    cached_tokens: ["llm.token_count.prompt_details.cache_read"],
    cache_write_tokens: ["llm.token_count.prompt_details.cache_write"],
    reasoning_tokens: ["llm.token_count.completion_details.reasoning"],
    cost_usd: ["llm.cost.total"],
    requested_tier: [{ key: "llm.invocation_parameters", member: "service_tier" }],
    audio_input_tokens: ["llm.token_count.prompt_details.audio"],
    audio_output_tokens: ["llm.token_count.completion_details.audio"],
  },
  answer: {
    form: "own",
    message: (recorded) => spreadMessageIn(recorded, "llm.output_messages.0.message", ".tool_call.function"),
    input: (recorded) =>
      spreadMessages(recorded, "llm.input_messages", { middle: ".message", call: ".tool_call.function" }),
    tools: (recorded) => numbered(recorded, "llm.tools", ".tool.json_schema"),
  },
  evaluations: { onSpan: openinferenceEvaluations },
};
