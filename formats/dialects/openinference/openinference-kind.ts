import type { DialectKind } from "../dialect-kind.ts";

/** OpenInference's kinds: chains, agents and tools contain calls. */
export const OPENINFERENCE_KIND: DialectKind = {
  says: { key: "openinference.span.kind", calls: { llm: "chat", embedding: "embeddings" } },
};
