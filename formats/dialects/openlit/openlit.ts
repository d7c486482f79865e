import { GEN_AI } from "../../../core/attributes.ts";
import type { Dialect } from "../dialect.ts";
import { looseMessageIn } from "../read/message-shapes.ts";

/** What OpenLIT and Sentry write beside the conventions' names. */
export const OPENLIT: Dialect = {
  name: "openlit",
  mark: null,
  kind: null,
  fields: {
    streamed: ["gen_ai.request.is_stream"],
    cached_tokens: ["gen_ai.usage.prompt_tokens_details.cache_read", "gen_ai.usage.input_tokens.cached"],
    cache_write_tokens: [
      "gen_ai.usage.cache_write_input_tokens",
      "gen_ai.usage.prompt_tokens_details.cache_write",
      "gen_ai.usage.input_tokens.cache_write",
    ],
    reasoning_tokens: ["gen_ai.usage.completion_tokens_details.reasoning", "gen_ai.usage.output_tokens.reasoning"],
    cost_usd: [GEN_AI.usageCost, "gen_ai.usage.total_cost", "gen_ai.usage.cost_usd"],
    ttft_ms: [
      { key: "gen_ai.server.time_to_first_token", times: 1000 },
      { key: "gen_ai.response.time_to_first_token", times: 1000 },
    ],
  },
  answer: {
    form: "loose",
    message: (recorded) => looseMessageIn(recorded, "gen_ai.response.text"),
    input: (recorded) => recorded.get("gen_ai.request.messages"),
  },
  // A score is written onto the span and sent as a log record too, a moment apart; with a key both are one.
  evaluations: { key: "openlit.score.idempotency_key" },
};
