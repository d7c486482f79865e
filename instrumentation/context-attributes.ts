import { GEN_AI, LEEWAY, OTEL } from "../core/attributes.ts";
import type { CallContext } from "./call-context.ts";

/** What the app said about a call, as span attributes; what it did not say is left out. */
export const contextAttributes = (context: CallContext): Readonly<Record<string, string>> => {
  const { cohort, flag, conversation, prompt, segments } = context;
  const found: Record<string, string> = {};
  const put = (name: string, value: string | null | undefined): void => {
    if (value) found[name] = value;
  };
  put(LEEWAY.cohort, cohort);
  put(GEN_AI.conversation, conversation);
  put(GEN_AI.promptName, prompt?.name);
  put(GEN_AI.promptVersion, prompt?.version);
  put(OTEL.flagKey, flag?.key);
  put(OTEL.flagVariant, flag?.variant);
  put(LEEWAY.targetingKeyHash, flag?.targetingKeyHash);
  for (const name in segments) found[LEEWAY.segmentPrefix + name] = segments[name] ?? "";
  return found;
};
