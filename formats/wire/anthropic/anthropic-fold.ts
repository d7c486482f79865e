import type { JsonObject } from "../../json/json-object.ts";
import { listOf, objectOf, textOf } from "../../json/read-json.ts";
import { textOrJson } from "../../json/text-or-json.ts";
import { AnswerBuilder } from "../answer-builder.ts";
import type { AnswerFacts } from "../answer-facts.ts";
import { readError } from "../read-error.ts";
import { statedReason } from "../stated-reason.ts";
import { indexOf } from "../tool-calls/tool-call-piece.ts";
import type { StreamFold } from "../wire-format.ts";
import { readAnthropicExtras } from "./anthropic-extras.ts";
import { readAnthropicUsage } from "./anthropic-usage.ts";

/** What a message has told of itself, whole or by its first and last events. */
interface Told {
  readonly message: JsonObject;
  readonly stopReason: string;
  readonly usages: readonly unknown[];
  readonly ended: boolean;
  readonly error: string | null;
}

const factsOf = (told: Told, builder: AnswerBuilder): AnswerFacts => {
  const { message, error } = told;
  const started = textOf(message.id) !== "" || told.stopReason !== "";
  const reason = statedReason(told.stopReason);
  return {
    ...{ id: textOf(message.id), model: textOf(message.model), fingerprint: "", error },
    finishReasons: started ? [reason || "error"] : [],
    usage: readAnthropicUsage(...told.usages),
    answer: started ? builder.answer(reason) : null,
    complete: error === null && told.ended,
    attributes: readAnthropicExtras(told.usages),
  };
};

/** The client's tools only: calls of the provider's own tools are answered by the provider. */
const isToolUse = (block: JsonObject): boolean => block.type === "tool_use";

/** Reads a whole message, or the error that came instead of it. */
export const readAnthropicMessage = (message: JsonObject): AnswerFacts => {
  const builder = new AnswerBuilder();
  for (const block of listOf(message.content).map(objectOf)) {
    if (block.type === "text") builder.text(textOf(block.text));
    if (!isToolUse(block)) continue;
    builder.toolCalls.begin({ name: textOf(block.name), arguments: textOrJson(block.input) });
  }
  const error = message.type === "error" ? readError(message.error) : null;
  const stopReason = textOf(message.stop_reason);
  return factsOf({ message, stopReason, usages: [message.usage], ended: stopReason !== "", error }, builder);
};

/** Starts an empty fold of the events of a streamed message. */
export const createAnthropicFold = (): StreamFold => {
  const builder = new AnswerBuilder();
  /** Place of a tool call by the index of its content block; -1 for other blocks. */
  const calls = new Map<number, number>();
  /** That of the latest block, for pieces that name none. */
  let latest = -1;
  /** Calls whose input came as a whole with their beginning. */
  const whole = new Set<number>();
  const usages: unknown[] = [];
  let message: JsonObject = {};
  let stopReason = "";
  let ended = false;
  let error: string | null = null;

  const start = (index: unknown, block: JsonObject): void => {
    if (block.type === "text") builder.text(textOf(block.text));
    // The input comes in pieces; some proxies send it here, as a whole.
    const input = Object.keys(objectOf(block.input)).length > 0 ? textOrJson(block.input) : textOf(block.input);
    latest = isToolUse(block) ? builder.toolCalls.begin({ name: textOf(block.name), arguments: input }) : -1;
    if (input !== "") whole.add(latest);
    const key = indexOf(index);
    if (key !== null) calls.set(key, latest);
  };
  const addInput = (index: unknown, piece: string): void => {
    const call = calls.get(indexOf(index) ?? -1) ?? latest;
    // Pieces say it all again.
    if (piece !== "" && whole.delete(call)) builder.toolCalls.rewrite(call, { name: "", arguments: piece });
    else builder.toolCalls.extend(call, piece);
  };
  const add = (index: unknown, delta: JsonObject): void => {
    if (delta.type === "text_delta") builder.text(textOf(delta.text));
    else if (delta.type === "input_json_delta") addInput(index, textOf(delta.partial_json));
  };
  const event = (data: JsonObject): void => {
    if (data.type === "message_start") {
      message = objectOf(data.message);
      usages.push(message.usage);
    } else if (data.type === "content_block_start") start(data.index, objectOf(data.content_block));
    else if (data.type === "content_block_delta") add(data.index, objectOf(data.delta));
    else if (data.type === "message_delta") {
      stopReason = textOf(objectOf(data.delta).stop_reason) || stopReason;
      usages.push(data.usage);
    } else if (data.type === "message_stop") ended = true;
    else if (data.type === "error") error ??= readError(data.error ?? {});
  };
  return { event, facts: () => factsOf({ message, stopReason, usages, ended, error }, builder) };
};
