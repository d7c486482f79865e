import type { Answer, ToolCall } from "../../../features/answer.ts";
import { isRecord } from "../../../features/is-record.ts";
import { listOf, objectOf, textOf } from "../../json/read-json.ts";
import { readToolCall } from "../../tools/read-tool-call.ts";
import { statedReason } from "../stated-reason.ts";
import { argumentsText } from "../tool-calls/tool-call-piece.ts";

/** The text of a message's `content`: a string, or a list of parts of which some are text. Null without any. */
export const contentText = (content: unknown): string | null => {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return null;
  return content.map((part) => (isRecord(part) && part.type === "text" ? textOf(part.text) : "")).join("");
};

/** The text of a message or delta; what is spoken counts as said. */
export const messageText = (message: Readonly<Record<string, unknown>>): string | null =>
  contentText(message.content) ?? contentText(objectOf(message.audio).transcript);

/** A tool call of a message: of a function, or of a custom tool, whose input is no JSON. */
export const toolCallOf = (call: unknown): ToolCall => {
  const { name, arguments: given } = readToolCall(call);
  return { name: textOf(name), arguments: argumentsText(given) };
};

/** The tool calls of a message or delta; some send one that is no list, and old servers a single `function_call`. */
export const callsOf = ({ tool_calls, function_call }: Readonly<Record<string, unknown>>): readonly unknown[] => {
  const calls = isRecord(tool_calls) ? [tool_calls] : listOf(tool_calls);
  if (calls.length > 0 || !isRecord(function_call)) return calls;
  return function_call.name || function_call.arguments ? [{ index: 0, function: function_call }] : [];
};

/** The log-probabilities of a choice's tokens; those of a refusal count like those of a text. */
export const logprobsOf = (logprobs: unknown): readonly number[] => {
  const { content, refusal } = objectOf(logprobs);
  return [...listOf(content), ...listOf(refusal)].flatMap((token) => {
    const logprob = objectOf(token).logprob;
    return typeof logprob === "number" && logprob <= 0 ? [logprob] : [];
  });
};

/** Mean, null of nothing. */
export const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Reads one choice of a plain chat completion; null when it has no message. */
export const readChoice = (choice: unknown): Answer | null => {
  if (!isRecord(choice) || !isRecord(choice.message)) return null;
  const { message } = choice;
  const text = messageText(message);
  return {
    text,
    chars: text?.length ?? 0,
    refusal: typeof message.refusal === "string" ? message.refusal : null,
    finishReason: statedReason(choice.finish_reason),
    toolCalls: callsOf(message).map(toolCallOf),
    meanLogprob: meanOf(logprobsOf(choice.logprobs)),
  };
};
