import type { Answer, AskedFor } from "../../../features/answer.ts";
import { type RecordedMessage, recordedMessage } from "./message-shapes.ts";
import { type RecordedTools, recordedTools } from "./recorded-tools.ts";
import { type Recorded, textIn } from "./recorded-values.ts";

/** An answer, and what was asked for, as far as a span carries them. */
export interface RecordedCall {
  readonly answer: Answer;
  readonly asked: AskedFor;
}

/** Tool calls cannot be judged while it is unknown which tools were offered. */
const answerOf = (
  { text, refusal, toolCalls }: RecordedMessage,
  finishReason: string,
  tools: RecordedTools | null,
): Answer => ({
  ...{ text, refusal, finishReason },
  chars: text?.length ?? 0,
  toolCalls: tools === null ? [] : toolCalls,
});

const askedForJson = (recorded: Recorded): boolean =>
  textIn(recorded, "gen_ai.output.type") === "json" || /Object\.do/.test(textIn(recorded, "ai.operationId"));

/**
 * The answer in a span's attributes, whichever instrumentation wrote them (GenAI conventions old and new, OpenLLMetry,
 * OpenInference, Vercel AI, Langfuse, Sentry); null when the span carries none. Never throws; text over 256 Ki
 * characters that would have to be parsed is left alone.
 */
export const recordedCall = (recorded: Recorded, finishReason: string): RecordedCall | null => {
  const message = recordedMessage(recorded);
  if (message === null) return null;
  const tools = recordedTools(recorded);
  return {
    answer: answerOf(message, finishReason, tools),
    asked: { json: askedForJson(recorded), tools: tools?.names ?? [], ...(tools && { toolSchemas: tools.schemas }) },
  };
};
