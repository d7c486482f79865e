import { GEN_AI } from "../../../core/attributes.ts";
import { CALL_NAMES } from "../call-names.ts";
import type { DialectKind } from "../dialect-kind.ts";

/** The conventions' operations, and what is written instead of them. */
export const SEMANTIC_CONVENTIONS_KIND: DialectKind = {
  says: { key: GEN_AI.operation, calls: CALL_NAMES },
  containers: ["gen_ai.tool.name", "gen_ai.tool.call.id", "gen_ai.agent.name", "gen_ai.workflow.name"],
  provider: GEN_AI.provider,
  model: GEN_AI.requestModel,
  tokens: [GEN_AI.inputTokens, GEN_AI.outputTokens],
};
