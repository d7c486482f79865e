import type { DialectKind } from "../dialect-kind.ts";

/** Langfuse names the type of an observation. */
export const LANGFUSE_KIND: DialectKind = {
  says: { key: "langfuse.observation.type", calls: { generation: "chat", embedding: "embeddings" } },
};
