import type { Dialect } from "../dialect.ts";

/** OpenLLMetry (Traceloop). Its workflow and task spans carry no request type and no model. */
export const OPENLLMETRY: Dialect = {
  name: "openllmetry",
  mark: null,
  kind: {
    key: "llm.request.type",
    calls: { chat: "chat", completion: "text_completion", embedding: "embeddings", embeddings: "embeddings" },
  },
  fields: {
    conversation_id: [
      "traceloop.association.properties.conversation_id",
      "traceloop.association.properties.session_id",
    ],
    prompt_name: ["traceloop.prompt.key"],
    prompt_version: ["traceloop.prompt.version"],
    streamed: ["llm.is_streaming"],
    finish_reason: ["llm.response.finish_reason", "llm.response.stop_reason"],
    total_tokens: ["gen_ai.usage.total_tokens", "llm.usage.total_tokens"],
    cached_tokens: ["gen_ai.usage.cache_read_input_tokens"],
    cache_write_tokens: ["gen_ai.usage.cache_creation_input_tokens"],
    reasoning_tokens: ["gen_ai.usage.reasoning_tokens"],
  },
};
