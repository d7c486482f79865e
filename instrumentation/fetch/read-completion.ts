import type { Answer, ToolCall } from "../../features/answer.ts";
import type { AnswerFacts } from "./answer-facts.ts";
import { isRecord } from "./is-record.ts";
import { readError, readUsage, textOf } from "./read-parts.ts";

const readToolCall = (call: unknown): ToolCall[] =>
  isRecord(call) && isRecord(call.function)
    ? [{ name: textOf(call.function.name), arguments: textOf(call.function.arguments) }]
    : [];

const readAnswer = (choice: unknown): Answer | null => {
  if (!isRecord(choice) || !isRecord(choice.message)) return null;
  const { content, refusal, tool_calls } = choice.message;
  const text = typeof content === "string" ? content : null;
  return {
    text,
    chars: text?.length ?? 0,
    refusal: typeof refusal === "string" ? refusal : null,
    finishReason: textOf(choice.finish_reason),
    toolCalls: Array.isArray(tool_calls) ? tool_calls.flatMap(readToolCall) : [],
  };
};

/** Reads the body of a plain chat completion; null when it is none. */
export const readCompletion = (text: string): AnswerFacts | null => {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(body)) return null;
  const choices = Array.isArray(body.choices) ? body.choices : [];
  const error = readError(body.error);
  return {
    id: textOf(body.id),
    model: textOf(body.model),
    fingerprint: textOf(body.system_fingerprint),
    finishReasons: choices.map((choice) => (isRecord(choice) && textOf(choice.finish_reason)) || "error"),
    usage: readUsage(body.usage),
    answer: readAnswer(choices[0]),
    complete: error === null && choices.length > 0,
    error,
  };
};
