import { OUTPUT } from "../../core/attributes.ts";
import { isCutAtLimit } from "../../core/finish-reason.ts";
import type { RefusalClass, SpanRow } from "../../core/span-row.ts";
import type { Attributes } from "../../formats/dialects/read/attributes.ts";
import { countOf, flagOf, textOf } from "../../formats/dialects/read/values.ts";

const REFUSAL_CLASSES: Readonly<Record<RefusalClass, true>> = {
  none: true,
  hard: true,
  inability: true,
  soft: true,
  partial: true,
  reframe: true,
  clarify: true,
  "": true,
};

const isRefusalClass = (value: string): value is RefusalClass => Object.hasOwn(REFUSAL_CLASSES, value);

const truncatedBy = (reason: string): 0 | 1 | null => flagOf(isCutAtLimit(reason));

/**
 * The output features the app computed. `truncated` follows from the finish reason where the app says nothing; the
 * others need the answer, which stays in the app.
 */
export const outputColumns = (
  attributes: Attributes,
  finishReason: string,
): Pick<SpanRow, "output_chars" | "code_fence" | "json_valid" | "refusal_class" | "truncated" | "tool_call_valid"> => {
  const refusal = textOf(attributes.get(OUTPUT.refusalClass));
  return {
    output_chars: countOf(attributes.get(OUTPUT.chars)),
    code_fence: flagOf(attributes.get(OUTPUT.codeFence)),
    json_valid: flagOf(attributes.get(OUTPUT.jsonValid)),
    refusal_class: isRefusalClass(refusal) ? refusal : "",
    truncated: flagOf(attributes.get(OUTPUT.truncated)) ?? truncatedBy(finishReason),
    tool_call_valid: flagOf(attributes.get(OUTPUT.toolCallValid)),
  };
};
