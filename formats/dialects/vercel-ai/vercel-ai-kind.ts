import type { DialectKind } from "../dialect-kind.ts";

/** Only its inner spans are calls: the outer ones repeat the same usage and would count every call twice. */
export const VERCEL_AI_KIND: DialectKind = {
  says: {
    key: "ai.operationId",
    calls: {
      "ai.generatetext.dogenerate": "chat",
      "ai.streamtext.dostream": "chat",
      "ai.generateobject.dogenerate": "chat",
      "ai.streamobject.dostream": "chat",
      "ai.embed.doembed": "embeddings",
      "ai.embedmany.doembed": "embeddings",
    },
  },
};
