import { isRecord } from "../../../features/is-record.ts";
import type { JsonObject } from "../../json/json-object.ts";
import { objectOf, textOf } from "../../json/read-json.ts";
import { AnswerBuilder } from "../answer-builder.ts";
import type { AnswerFacts } from "../answer-facts.ts";
import { readError } from "../read-error.ts";
import { argumentsText } from "../tool-calls/tool-call-piece.ts";
import type { ToolCalls } from "../tool-calls/tool-calls.ts";
import type { StreamFold } from "../wire-format.ts";
import { logprobsOf } from "./openai-message.ts";
import { readCallItem, readResponse } from "./openai-response.ts";

const LAST = new Set(["response.completed", "response.incomplete", "response.failed", "response.cancelled"]);

/** The tool calls among the output items: known by their ids, or else by their places. */
class ItemCalls {
  readonly #calls: ToolCalls;
  readonly #places = new Map<unknown, number>();

  constructor(calls: ToolCalls) {
    this.#calls = calls;
  }

  /** An item is there, or is there as a whole. */
  item(event: JsonObject, isDone: boolean): void {
    const item = objectOf(event.item);
    const call = readCallItem(item);
    if (call === null) return;
    const known = this.#places.get(item.id || undefined) ?? (isDone ? this.#places.get(event.output_index) : undefined);
    const place = known ?? this.#calls.begin(call);
    if (known !== undefined) this.#calls.rewrite(known, call);
    for (const key of [item.id, item.call_id, event.output_index])
      if (key != null && key !== "") this.#places.set(key, place);
  }

  delta(event: JsonObject): void {
    this.#calls.extend(this.#placeOf(event), textOf(event.delta));
  }

  /** All that the pieces were to say; some servers send nothing else. */
  whole(event: JsonObject, text: unknown): void {
    this.#calls.rewrite(this.#placeOf(event), { name: textOf(event.name), arguments: argumentsText(text) });
  }

  #placeOf({ item_id, output_index }: JsonObject): number {
    const known = this.#places.get(item_id) ?? this.#places.get(output_index);
    if (known !== undefined) return known;
    if (item_id == null && output_index == null) return this.#calls.size() - 1;
    const place = this.#calls.begin({ name: "", arguments: "" });
    this.#places.set(item_id ?? output_index, place);
    return place;
  }
}

type OnEvent = (event: JsonObject, builder: AnswerBuilder, calls: ItemCalls) => void;

const PIECES: Readonly<Record<string, OnEvent>> = {
  "response.output_text.delta": (event, builder) => {
    builder.text(textOf(event.delta));
    for (const logprob of logprobsOf({ content: event.logprobs })) builder.logprob(logprob);
  },
  "response.refusal.delta": (event, builder) => builder.refusal(textOf(event.delta)),
  "response.output_item.added": (event, _builder, calls) => calls.item(event, false),
  "response.output_item.done": (event, _builder, calls) => calls.item(event, true),
  "response.function_call_arguments.delta": (event, _builder, calls) => calls.delta(event),
  "response.function_call_arguments.done": (event, _builder, calls) => calls.whole(event, event.arguments),
  "response.custom_tool_call_input.delta": (event, _builder, calls) => calls.delta(event),
  "response.custom_tool_call_input.done": (event, _builder, calls) => calls.whole(event, event.input),
};

/**
 * Starts an empty fold of a streamed response. The last event repeats the whole response and is read like a plain one;
 * the pieces are for streams that end before it.
 */
export const createResponsesFold = (): StreamFold => {
  const builder = new AnswerBuilder();
  const calls = new ItemCalls(builder.toolCalls);
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
        piece(event, builder, calls);
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
