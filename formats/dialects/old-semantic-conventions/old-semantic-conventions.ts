import type { Dialect } from "../dialect.ts";

/** Names the conventions had before: up to v1.26, v1.36 and v1.41. */
export const OLD_SEMANTIC_CONVENTIONS: Dialect = {
  name: "old-semantic-conventions",
  mark: null,
  kind: null,
  fields: {
    provider: ["gen_ai.system"],
    system_fingerprint: ["gen_ai.openai.response.system_fingerprint"],
    http_status: ["http.status_code"],
    finish_reason: ["gen_ai.completion.0.finish_reason"],
    input_tokens: ["gen_ai.usage.prompt_tokens"],
    output_tokens: ["gen_ai.usage.completion_tokens"],
    cache_write_tokens: ["gen_ai.usage.cache_creation.input_tokens"],
  },
};
