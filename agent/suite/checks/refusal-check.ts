import { refusalClass } from "../../../features/refusal/refusal-class.ts";
import type { SuiteAnswer } from "../answer.ts";

/** Whether an answer refuses: hard, soft, or for want of ability; a disclaimer before an answer is none. Null = there is no text. */
export const refuses = ({ output, toolCalls, finishReason }: SuiteAnswer): boolean | null => {
  const chars = output?.length ?? 0;
  const found = refusalClass({ text: output, chars, refusal: null, finishReason, toolCalls });
  if (found === "") return toolCalls.length > 0 ? false : null;
  return found === "hard" || found === "soft" || found === "inability";
};
