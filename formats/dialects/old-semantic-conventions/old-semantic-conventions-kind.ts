import type { DialectKind } from "../dialect-kind.ts";

/** Old names said no operation: provider and model make a call. */
export const OLD_SEMANTIC_CONVENTIONS_KIND: DialectKind = { provider: "gen_ai.system" };
