import { GEN_AI } from "../../../core/attributes.ts";
import type { DialectKind } from "../dialect-kind.ts";

/** The conventions' operations, and what is written instead of two of them. */
export const SEMANTIC_CONVENTIONS_KIND: DialectKind = {
  says: {
    key: GEN_AI.operation,
    calls: {
      chat: "chat",
      generate_content: "generate_content",
      text_completion: "text_completion",
      completion: "text_completion",
      embeddings: "embeddings",
      embedding: "embeddings",
    },
  },
  containers: ["gen_ai.tool.name", "gen_ai.agent.name", "gen_ai.workflow.name"],
  provider: GEN_AI.provider,
  model: GEN_AI.requestModel,
};
