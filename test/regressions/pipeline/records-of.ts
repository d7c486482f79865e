import type { AnswerRecord } from "../../../agent/compare/record.ts";
import type { Call } from "../traffic/call.ts";

/** The answers in words as records of `leeway compare`; `task` is what of the call they are compared inside. */
export const recordsOf = (calls: readonly Call[], task: "inputType" | "language"): readonly AnswerRecord[] =>
  calls.flatMap((call) => {
    const { arm, reply, durationMs, promptTokens, completionTokens, errorType } = call;
    if (reply.text === null || errorType !== null) return [];
    return [
      {
        ...{ cohort: arm, output: reply.text, task: call[task], finish_reason: reply.finishReason },
        conversation_id: call.conversation,
        ...{ latency_ms: durationMs, input_tokens: promptTokens, output_tokens: completionTokens },
      },
    ];
  });
