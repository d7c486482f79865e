import { OUTPUT } from "../../core/attributes.ts";
import { outputAttributes } from "../../features/output-attributes.ts";
import { outputFeatures } from "../../features/output-features.ts";
import type { Attributes } from "../../formats/dialects/read/attributes.ts";
import { recordedCall } from "../../formats/dialects/read/recorded-call.ts";

/**
 * The `leeway.output.*` attributes of a call: its own where the app computed them, else computed here from the answer
 * that another instrumentation put on the span. The answer itself is not kept. Failed calls have no features.
 */
export const outputOf = (attributes: Attributes, finishReason: string, failed: boolean): Attributes => {
  if (failed || attributes.has(OUTPUT.refusalClass) || attributes.has(OUTPUT.chars)) return attributes;
  const call = recordedCall(attributes, finishReason);
  if (call === null) return attributes;
  return new Map(Object.entries(outputAttributes(outputFeatures(call.answer, call.asked))));
};
