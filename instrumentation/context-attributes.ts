import { GEN_AI, LEEWAY, OTEL } from "../core/attributes.ts";
import { putKnown } from "../formats/put-known.ts";
import type { CallContext } from "./call-context.ts";

/** What the app said about a call, as span attributes; what it did not say is left out. */
export const contextAttributes = (context: CallContext): Readonly<Record<string, string>> => {
  const { cohort, flag, conversation, prompt, segments, pair } = context;
  const found: Record<string, string> = {};
  putKnown(found, LEEWAY.cohort, cohort);
  putKnown(found, GEN_AI.conversation, conversation);
  putKnown(found, GEN_AI.promptName, prompt?.name);
  putKnown(found, GEN_AI.promptVersion, prompt?.version);
  putKnown(found, OTEL.flagKey, flag?.key);
  putKnown(found, OTEL.flagVariant, flag?.variant);
  putKnown(found, LEEWAY.targetingKeyHash, flag?.targetingKeyHash);
  putKnown(found, LEEWAY.handoff, flag?.handoff);
  putKnown(found, LEEWAY.migration, pair?.migration);
  putKnown(found, LEEWAY.pairId, pair?.id);
  for (const name in segments) found[LEEWAY.segmentPrefix + name] = segments[name] ?? "";
  return found;
};
