import type { Dialect, Source } from "../dialect.ts";
import { looseMessageIn } from "../read/message-shapes.ts";
import { LANGFUSE_KIND } from "./langfuse-kind.ts";

const DETAILS = "langfuse.observation.usage_details";

/** All of the input, and of the output, but what has a column of its own: audio, text, predictions. */
const INPUT = /^input(?!.*cache)/;
const OUTPUT = /^output(?!.*reasoning)/;

const usage = (member: string): Source => ({ key: DETAILS, member });

/** Langfuse. Usage is one JSON object; the time of the first chunk is a timestamp. */
export const LANGFUSE: Dialect = {
  name: "langfuse",
  mark: "langfuse.observation.type",
  kind: LANGFUSE_KIND,
  fields: {
    request_model: ["langfuse.observation.model.name"],
    conversation_id: ["langfuse.session.id", "session.id"],
    prompt_name: ["langfuse.observation.prompt.name"],
    prompt_version: ["langfuse.observation.prompt.version"],
    streamed: [{ key: "langfuse.observation.model.parameters", member: "stream" }],
    input_tokens: [{ key: DETAILS, sum: INPUT }, usage("prompt_tokens")],
    output_tokens: [{ key: DETAILS, sum: OUTPUT }, usage("completion_tokens")],
    total_tokens: [usage("total"), usage("total_tokens")],
    cached_tokens: [
      ...[usage("input_cached_tokens"), usage("cache_read_input_tokens"), usage("input_cache_read")],
      ...[usage("input_cached"), usage("cached_tokens")],
    ],
    cache_write_tokens: [
      ...[usage("cache_creation_input_tokens"), usage("input_cache_creation"), usage("input_cache_write_tokens")],
    ],
    reasoning_tokens: [usage("output_reasoning_tokens"), usage("output_reasoning"), usage("reasoning_tokens")],
    cost_usd: [
      { key: "langfuse.observation.cost_details", member: "total" },
      { key: "langfuse.observation.cost_details", sum: /^(?:input|output|cache)/ },
    ],
    requested_tier: [{ key: "langfuse.observation.model.parameters", member: "service_tier" }],
    cache_write_hour_tokens: [usage("input_cache_creation_1h")],
    audio_input_tokens: [usage("input_audio_tokens"), usage("input_audio")],
    audio_output_tokens: [usage("output_audio_tokens"), usage("output_audio")],
    image_output_tokens: [usage("output_image_tokens"), usage("output_image")],
    ttft_ms: [{ key: "langfuse.observation.completion_start_time", sinceStart: true }],
  },
  usage: [
    {
      sender: "Langfuse (`usage_details` with `input` and `output`)",
      isFor: ({ attributes }) => /"input"|"output"/.test(String(attributes.get(DETAILS) ?? "")),
      convention: { cache: "apart", reasoning: "apart", total: "everything", beyond: "unknown" },
    },
  ],
  failure: { key: "langfuse.observation.level", value: "ERROR" },
  answer: {
    form: "loose",
    message: (recorded) => looseMessageIn(recorded, "langfuse.observation.output"),
    input: (recorded) => recorded.get("langfuse.observation.input"),
  },
};
