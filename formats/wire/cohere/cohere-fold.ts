import type { JsonObject } from "../../json/json-object.ts";
import { listOf, objectOf, textOf } from "../../json/read-json.ts";
import { AnswerBuilder } from "../answer-builder.ts";
import type { AnswerFacts } from "../answer-facts.ts";
import { statedReason } from "../stated-reason.ts";
import { argumentsText, pieceOf } from "../tool-calls/tool-call-piece.ts";
import type { StreamFold } from "../wire-format.ts";
import { readCohereUsage } from "./cohere-usage.ts";

/** Finish reasons that mean the generation failed on Cohere's side. */
const FAILED: Readonly<Record<string, string>> = { ERROR: "provider_error", TIMEOUT: "timeout" };

const addLogprobs = (builder: AnswerBuilder, value: unknown): void => {
  for (const logprob of listOf(objectOf(value).logprobs)) {
    if (typeof logprob === "number" && logprob <= 0) builder.logprob(logprob);
  }
};

interface Ended {
  readonly id: string;
  /** As sent; empty while the answer is not at its end. */
  readonly reason: string;
  readonly usage: unknown;
  readonly started: boolean;
}

const factsOf = ({ id, reason, usage, started }: Ended, builder: AnswerBuilder): AnswerFacts => {
  const mapped = statedReason(Object.hasOwn(FAILED, reason) ? "error" : reason);
  const error = Object.hasOwn(FAILED, reason) ? (FAILED[reason] ?? null) : null;
  return {
    ...{ id, model: "", fingerprint: "", error },
    finishReasons: started ? [mapped || "error"] : [],
    usage: readCohereUsage(usage),
    answer: started ? builder.answer(mapped) : null,
    complete: error === null && reason !== "",
  };
};

/** Reads a whole answer. */
export const readCohereAnswer = (body: JsonObject): AnswerFacts => {
  const builder = new AnswerBuilder();
  const message = objectOf(body.message);
  for (const block of listOf(message.content).map(objectOf))
    if (block.type === "text") builder.text(textOf(block.text));
  for (const call of listOf(message.tool_calls)) {
    const { name, arguments: text } = objectOf(objectOf(call).function);
    builder.toolCalls.begin({ name: textOf(name), arguments: argumentsText(text) });
  }
  for (const piece of listOf(body.logprobs)) addLogprobs(builder, piece);
  const reason = textOf(body.finish_reason);
  return factsOf({ id: textOf(body.id), reason, usage: body.usage, started: reason !== "" }, builder);
};

/** Starts an empty fold of the events of a streamed answer. */
export const createCohereFold = (): StreamFold => {
  const builder = new AnswerBuilder();
  let [id, reason] = ["", ""];
  let usage: unknown;
  let started = false;

  const event = (data: JsonObject): void => {
    const delta = objectOf(data.delta);
    const message = objectOf(delta.message);
    if (data.type === "message-start") {
      id = textOf(data.id);
      started = true;
    } else if (data.type === "content-delta" || data.type === "content-start") {
      const { text } = objectOf(message.content);
      if (typeof text === "string") builder.text(text);
      addLogprobs(builder, data.logprobs);
    } else if (data.type === "tool-call-start" || data.type === "tool-call-delta")
      builder.toolCalls.piece(pieceOf({ ...objectOf(message.tool_calls), index: data.index }));
    else if (data.type === "message-end") {
      reason = textOf(delta.finish_reason);
      usage = delta.usage;
    }
  };
  return { event, facts: () => factsOf({ id, reason, usage, started }, builder) };
};
