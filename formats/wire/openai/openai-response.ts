import { finishReason } from "../../../core/finish-reason.ts";
import type { Answer, ToolCall } from "../../../features/answer.ts";
import type { JsonObject } from "../../json/json-object.ts";
import { listOf, objectOf, textOf } from "../../json/read-json.ts";
import type { AnswerFacts } from "../answer-facts.ts";
import { readError } from "../read-error.ts";
import { argumentsText } from "../tool-calls/tool-call-piece.ts";
import { readExtras } from "./openai-extras.ts";
import { logprobsOf, meanOf } from "./openai-message.ts";
import { readUsage } from "./openai-usage.ts";

/** The call an output item asks the app to make; null for other items, and for tools the provider runs itself. */
export const readCallItem = (item: JsonObject): ToolCall | null => {
  if (item.type === "function_call") return { name: textOf(item.name), arguments: argumentsText(item.arguments) };
  return item.type === "custom_tool_call" ? { name: textOf(item.name), arguments: textOf(item.input) } : null;
};

/** Why an answer ended, in the words of chat completions, which have one for tool calls. */
const finishReasonOf = (response: JsonObject, toolCalls: readonly ToolCall[]): string => {
  if (response.status === "incomplete") return finishReason(objectOf(response.incomplete_details).reason) || "length";
  if (response.status === "failed") return "error";
  if (response.status === "cancelled") return "cancelled";
  return toolCalls.length > 0 ? "tool_calls" : "stop";
};

const readAnswer = (response: JsonObject, items: readonly JsonObject[]): Answer => {
  const parts = items.filter(({ type }) => type === "message").flatMap(({ content }) => listOf(content).map(objectOf));
  const texts = parts.filter(({ type }) => type === "output_text");
  const refusals = parts.filter(({ type }) => type === "refusal").map((part) => textOf(part.refusal));
  const toolCalls = items.flatMap((item) => readCallItem(item) ?? []);
  const text = texts.length === 0 ? null : texts.map((part) => textOf(part.text)).join("");
  return {
    ...{ text, chars: text?.length ?? 0, toolCalls },
    refusal: refusals.length === 0 ? null : refusals.join(""),
    finishReason: finishReasonOf(response, toolCalls),
    meanLogprob: meanOf(texts.flatMap((part) => logprobsOf({ content: part.logprobs }))),
  };
};

/**
 * Reads a response object, plain or from the last event of a stream; null when it is none. One that goes on in the
 * background (`queued`, `in_progress`) is complete as far as this call goes, and has no answer.
 */
export const readResponse = (response: JsonObject): AnswerFacts | null => {
  if (response.object !== "response" && !Array.isArray(response.output) && response.error == null) return null;
  const items = listOf(response.output).map(objectOf);
  const later = response.status === "queued" || response.status === "in_progress";
  const error = readError(response.error);
  const answer = later || items.length === 0 ? null : readAnswer(response, items);
  return {
    id: textOf(response.id),
    model: textOf(response.model),
    fingerprint: "",
    finishReasons: later ? [] : [answer?.finishReason ?? finishReasonOf(response, [])],
    usage: readUsage(response.usage, textOf(response.model)),
    answer,
    complete: error === null,
    error,
    attributes: readExtras(response),
  };
};
