import { isRecord } from "../../../features/is-record.ts";
import type { JsonObject } from "../../json/json-object.ts";
import { objectOf, textOf } from "../../json/read-json.ts";
import { AnswerBuilder } from "../answer-builder.ts";
import type { AnswerFacts } from "../answer-facts.ts";
import { readError } from "../read-error.ts";
import type { StreamFold } from "../wire-format.ts";
import { logprobsOf } from "./openai-message.ts";
import { readCallItem, readResponse } from "./openai-response.ts";

const LAST = new Set(["response.completed", "response.incomplete", "response.failed", "response.cancelled"]);

type OnEvent = (event: JsonObject, builder: AnswerBuilder, toolIndex: (event: JsonObject) => number) => void;

const argumentsDelta: OnEvent = (event, builder, toolIndex) =>
  builder.toolCall(toolIndex(event), { name: "", arguments: textOf(event.delta) });

const PIECES: Readonly<Record<string, OnEvent>> = {
  "response.output_text.delta": (event, builder) => {
    builder.text(textOf(event.delta));
    for (const logprob of logprobsOf({ content: event.logprobs })) builder.logprob(logprob);
  },
  "response.refusal.delta": (event, builder) => builder.refusal(textOf(event.delta)),
  "response.output_item.added": (event, builder, toolIndex) => {
    const call = readCallItem(objectOf(event.item));
    if (call !== null) builder.toolCall(toolIndex(event), call);
  },
  "response.function_call_arguments.delta": argumentsDelta,
  "response.custom_tool_call_input.delta": argumentsDelta,
};

/** Tool calls are numbered by their place among all output items; ours count by themselves. */
const createToolIndex = (builder: AnswerBuilder): ((event: JsonObject) => number) => {
  const indexes = new Map<unknown, number>();
  return ({ output_index }) => {
    const index = indexes.get(output_index) ?? builder.toolCalls();
    indexes.set(output_index, index);
    return index;
  };
};

/**
 * Starts an empty fold of a streamed response. The last event repeats the whole response and is read like a plain one;
 * the pieces are for streams that end before it.
 */
export const createResponsesFold = (): StreamFold => {
  const builder = new AnswerBuilder();
  const toolIndex = createToolIndex(builder);
  let begun: JsonObject = {};
  let last: AnswerFacts | null = null;
  let error: string | null = null;
  let pieces = 0;
  const cut = (): AnswerFacts => ({
    ...{ id: textOf(begun.id), model: textOf(begun.model), fingerprint: "", usage: {} },
    ...{ finishReasons: pieces > 0 ? ["error"] : [], complete: false, error },
    answer: pieces > 0 ? builder.answer("") : null,
  });
  return {
    event: (event) => {
      const type = textOf(event.type);
      const piece = PIECES[type];
      if (isRecord(event.response)) begun = event.response;
      if (LAST.has(type)) last = readResponse(objectOf(event.response));
      else if (type === "error" || event.error != null) error ??= readError(event.error ?? event);
      else if (piece !== undefined) {
        pieces += 1;
        piece(event, builder, toolIndex);
      }
    },
    facts: () => {
      if (last === null) return cut();
      // Some compatible servers leave the output out of the last event.
      const answer = last.answer ?? (pieces > 0 ? builder.answer(last.finishReasons[0] ?? "") : null);
      return { ...last, answer, error: last.error ?? error };
    },
  };
};
