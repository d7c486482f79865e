import { GEN_AI, LEEWAY, OTEL } from "../core/attributes.ts";
import type { CallContext } from "./call-context.ts";

/** What the app said about a call, as span attributes; what it did not say is left out. */
export const contextAttributes = (context: CallContext): Readonly<Record<string, string>> => {
  const { cohort, flag, conversation, prompt, segments } = context;
  const all: Readonly<Record<string, string | null | undefined>> = {
    [LEEWAY.cohort]: cohort,
    [GEN_AI.conversation]: conversation,
    [GEN_AI.promptName]: prompt?.name,
    [GEN_AI.promptVersion]: prompt?.version,
    [OTEL.flagKey]: flag?.key,
    [OTEL.flagVariant]: flag?.variant,
    [LEEWAY.targetingKeyHash]: flag?.targetingKeyHash,
  };
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) if (value) found[name] = value;
  for (const [name, value] of Object.entries(segments)) found[LEEWAY.segmentPrefix + name] = value;
  return found;
};
