import type { DialectKind } from "../dialect-kind.ts";

/** Old names said no operation: a model and a provider, or tokens, make a call. */
export const OLD_SEMANTIC_CONVENTIONS_KIND: DialectKind = {
  provider: "gen_ai.system",
  tokens: ["gen_ai.usage.prompt_tokens", "gen_ai.usage.completion_tokens"],
};
