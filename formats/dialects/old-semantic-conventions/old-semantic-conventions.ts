import type { Dialect } from "../dialect.ts";
import type { Attributes } from "../read/attributes.ts";
import { evaluationAttributes } from "../read/evaluation-attributes.ts";
import { looseMessageIn } from "../read/message-shapes.ts";
import { OLD_SEMANTIC_CONVENTIONS_KIND } from "./old-semantic-conventions-kind.ts";

const PREFIX = "gen_ai.evaluation.";

/** Drafts, and Azure AI, named an event by what it evaluates and had one attribute for its score. */
const evaluationInEvent = (eventName: string, attributes: Attributes): Attributes | null => {
  if (!eventName.startsWith(PREFIX)) return null;
  const score = attributes.get("gen_ai.evaluation.score");
  return new Map([...evaluationAttributes({ name: eventName.slice(PREFIX.length), score }), ...attributes]);
};

/** Names the conventions had before: up to v1.26, v1.36 and v1.41. */
export const OLD_SEMANTIC_CONVENTIONS: Dialect = {
  name: "old-semantic-conventions",
  mark: null,
  kind: OLD_SEMANTIC_CONVENTIONS_KIND,
  fields: {
    provider: ["gen_ai.system"],
    flag_variant: ["feature_flag.variant"],
    system_fingerprint: ["gen_ai.openai.response.system_fingerprint"],
    http_status: ["http.status_code"],
    finish_reason: ["gen_ai.completion.0.finish_reason"],
    input_tokens: ["gen_ai.usage.prompt_tokens"],
    output_tokens: ["gen_ai.usage.completion_tokens"],
    cache_write_tokens: ["gen_ai.usage.cache_creation.input_tokens"],
  },
  answer: { form: "own", message: (recorded) => looseMessageIn(recorded, "gen_ai.completion") },
  evaluations: { inEvent: evaluationInEvent },
};
