import { CALL_NAMES } from "../call-names.ts";
import type { DialectKind } from "../dialect-kind.ts";

/** Its workflow and task spans carry no request type. */
export const OPENLLMETRY_KIND: DialectKind = {
  says: { key: "llm.request.type", calls: CALL_NAMES },
  containers: ["traceloop.span.kind"],
};
