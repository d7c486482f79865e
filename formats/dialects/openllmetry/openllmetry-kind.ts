import type { DialectKind } from "../dialect-kind.ts";

/** Its workflow and task spans carry no request type. */
export const OPENLLMETRY_KIND: DialectKind = {
  says: {
    key: "llm.request.type",
    calls: { chat: "chat", completion: "text_completion", embedding: "embeddings", embeddings: "embeddings" },
  },
  containers: ["traceloop.span.kind"],
};
