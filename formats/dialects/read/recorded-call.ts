import type { Answer, AskedFor } from "../../../features/answer.ts";
import type { Content } from "../../wire/content/message.ts";
import type { AnswerForm, DialectAnswer } from "../dialect.ts";
import { DIALECTS } from "../dialects.ts";
import { isEmptyMessage } from "./message-shapes.ts";
import type { Recorded, RecordedMessage } from "./recorded.ts";
import { contentIn } from "./recorded-content.ts";
import { type RecordedTools, recordedTools } from "./recorded-tools.ts";

/** An answer, and what was asked for, as far as a span carries them. */
export interface RecordedCall {
  readonly answer: Answer;
  readonly asked: AskedFor;
}

const RANKS: Readonly<Record<AnswerForm, number>> = { messages: 0, own: 1, loose: 2 };

/** Where answers may be, the most telling form first; of one form in the dialects' order. */
const ANSWERS: readonly DialectAnswer[] = DIALECTS.flatMap(({ answer }) => answer ?? []).toSorted(
  (left, right) => RANKS[left.form] - RANKS[right.form],
);

const messageIn = (recorded: Recorded): RecordedMessage | null => {
  for (const { message } of ANSWERS) {
    const found = message(recorded);
    if (!isEmptyMessage(found)) return found;
  }
  return null;
};

const toolsIn = (recorded: Recorded): RecordedTools | null => {
  for (const { tools } of ANSWERS) {
    const found = tools?.(recorded) ?? null;
    if (found !== null) return recordedTools(found);
  }
  return null;
};

/**
 * What was asked and answered, in the words of the GenAI conventions; null when the span carries nothing of it. Never throws;
 * text over 256 Ki characters that would have to be parsed is taken for the text of one message.
 */
export const recordedContent = (recorded: Recorded, finishReason: string): Content | null => {
  const tools = ANSWERS.map(({ tools: read }) => read?.(recorded) ?? null).find((found) => found !== null) ?? [];
  return contentIn(recorded, { message: messageIn(recorded), finishReason, tools }, ANSWERS);
};

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

/**
 * The answer in a span's attributes, whichever instrumentation wrote them; null when the span carries none. The first
 * place that holds one wins, whatever marks the span has. Never throws; text over 256 Ki characters that would have to be
 * parsed is left alone.
 */
export const recordedCall = (recorded: Recorded, finishReason: string): RecordedCall | null => {
  const message = messageIn(recorded);
  if (message === null) return null;
  const tools = toolsIn(recorded);
  const json = ANSWERS.some((answer) => answer.json?.(recorded) ?? false);
  return {
    answer: answerOf(message, finishReason, tools),
    asked: { json, tools: tools?.names ?? [], ...(tools && { toolSchemas: tools.schemas }) },
  };
};
