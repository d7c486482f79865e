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

const named = (name: string): string => `gen_ai.usage.${name}`;

/** As Pydantic AI called what the conventions had no name for yet, in the provider's own words. */
const detail = (name: string): string => named(`details.${name}`);

/** Names the conventions had before: up to v1.26, v1.36 and v1.41, and what was written where they had none. */
export const OLD_SEMANTIC_CONVENTIONS: Dialect = {
  name: "old-semantic-conventions",
  mark: null,
  kind: OLD_SEMANTIC_CONVENTIONS_KIND,
  fields: {
    provider: ["gen_ai.system"],
    flag_variant: ["feature_flag.variant"],
    system_fingerprint: ["gen_ai.openai.response.system_fingerprint"],
    http_status: ["http.status_code"],
    finish_reason: ["gen_ai.response.finish_reason", "gen_ai.completion.0.finish_reason"],
    input_tokens: ["gen_ai.usage.prompt_tokens"],
    output_tokens: ["gen_ai.usage.completion_tokens"],
    cached_tokens: [
      ...["cache_read_input_tokens", "cache_read_tokens", "cached_tokens", "input_cached_tokens"].map(detail),
      ...["cached_tokens", "cached_input_tokens", "cache_read_tokens", "num_cached_tokens"].map(named),
      ...["prompt_tokens_details.cached_tokens", "input_tokens_details.cached_tokens"].map(named),
    ],
    cache_write_tokens: [
      "gen_ai.usage.cache_creation.input_tokens",
      ...["cache_creation_input_tokens", "cache_creation_tokens", "cache_write_tokens"].map(detail),
      ...["cache_creation_tokens", "cache_write_tokens", "prompt_tokens_details.cache_creation_tokens"].map(named),
    ],
    reasoning_tokens: [
      ...["reasoning_tokens", "thoughts_tokens", "thinking_tokens"].flatMap((name) => [detail(name), named(name)]),
      ...["experimental.reasoning_tokens", "completion_tokens_details.reasoning_tokens"].map(named),
      named("output_tokens_details.reasoning_tokens"),
    ],
    cost_usd: ["operation.cost"],
    service_tier: ["gen_ai.openai.response.service_tier"],
    requested_tier: ["gen_ai.openai.request.service_tier"],
    cache_write_hour_tokens: ["anthropic.usage.cache_creation.ephemeral_1h_input_tokens"],
    audio_input_tokens: [
      ...["input_audio_tokens", "audio_input_tokens", "audio_prompt_tokens"].map(detail),
      named("prompt_tokens_details.audio_tokens"),
    ],
    audio_output_tokens: [
      ...["output_audio_tokens", "audio_output_tokens", "audio_completion_tokens"].map(detail),
      named("completion_tokens_details.audio_tokens"),
    ],
    image_output_tokens: [detail("output_image_tokens"), named("completion_tokens_details.image_tokens")],
  },
  answer: {
    form: "own",
    message: (recorded) => looseMessageIn(recorded, "gen_ai.completion"),
    input: (recorded) => recorded.get("gen_ai.prompt"),
  },
  evaluations: { inEvent: evaluationInEvent },
};
