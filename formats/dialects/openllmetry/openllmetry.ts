import { GEN_AI, OTEL } from "../../../core/attributes.ts";
import { CACHE_APART } from "../../usage/usage-convention.ts";
import type { Dialect } from "../dialect.ts";
import type { Attributes } from "../read/attributes.ts";
import { evaluationAttributes } from "../read/evaluation-attributes.ts";
import { spreadMessageIn } from "../read/message-shapes.ts";
import { spreadMessages } from "../read/spread-messages.ts";
import { OPENLLMETRY_KIND } from "./openllmetry-kind.ts";

/** It (0.27) makes a span of its own for every guard; one that broke says nothing of the answer. */
const guardIn = (attributes: Attributes): readonly Attributes[] => {
  if (attributes.get(GEN_AI.operation) !== "guard") return [];
  const broken = attributes.get("gen_ai.guardrail.error.type");
  const name = attributes.get("gen_ai.guardrail.name");
  if (broken !== undefined) return [new Map([...evaluationAttributes({ name }), [OTEL.errorType, broken]])];
  return [evaluationAttributes({ name, label: attributes.get("gen_ai.guardrail.status") })];
};

/** OpenLLMetry (Traceloop). Its workflow and task spans carry no request type and no model. */
export const OPENLLMETRY: Dialect = {
  name: "openllmetry",
  mark: null,
  kind: OPENLLMETRY_KIND,
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
    cost_usd: ["gen_ai.cost.total_cost"],
  },
  usage: [
    {
      sender: "OpenLLMetry for Anthropic in JavaScript (read at 0.27.0)",
      isFor: ({ scope }) => scope === "@traceloop/instrumentation-anthropic",
      convention: CACHE_APART,
    },
  ],
  answer: {
    form: "own",
    message: (recorded) => spreadMessageIn(recorded, "gen_ai.completion.0", ""),
    input: (recorded) => spreadMessages(recorded, "gen_ai.prompt", { middle: "", call: "" }),
  },
  evaluations: { onSpan: guardIn },
};
