import type { Dialect, Source } from "../dialect.ts";
import { looseMessageIn } from "../read/message-shapes.ts";
import { LANGFUSE_KIND } from "./langfuse-kind.ts";

const usage = (member: string): Source => ({ key: "langfuse.observation.usage_details", member });

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
    input_tokens: [usage("input")],
    output_tokens: [usage("output")],
    total_tokens: [usage("total")],
    cached_tokens: [usage("input_cached_tokens"), usage("cache_read_input_tokens"), usage("input_cache_read")],
    cache_write_tokens: [usage("cache_creation_input_tokens"), usage("input_cache_creation")],
    reasoning_tokens: [usage("output_reasoning_tokens"), usage("output_reasoning")],
    ttft_ms: [{ key: "langfuse.observation.completion_start_time", sinceStart: true }],
  },
  failure: { key: "langfuse.observation.level", value: "ERROR" },
  answer: { form: "loose", message: (recorded) => looseMessageIn(recorded, "langfuse.observation.output") },
};
