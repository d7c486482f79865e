import type { JsonObject } from "../../json/json-object.ts";
import { listOf, objectOf, textOf } from "../../json/read-json.ts";
import { textOrJson } from "../../json/text-or-json.ts";
import { AnswerBuilder } from "../answer-builder.ts";
import type { AnswerFacts } from "../answer-facts.ts";
import { statedReason } from "../stated-reason.ts";
import { argumentsText, indexOf } from "../tool-calls/tool-call-piece.ts";
import type { StreamFold } from "../wire-format.ts";
import { readConverseUsage } from "./bedrock-converse-usage.ts";

/** Name of the exception a streamed message is, null for others. */
export const exceptionIn = (event: JsonObject): string | null =>
  Object.keys(event).find((name) => /^[a-z]\w{0,60}Exception$/.test(name)) ?? null;

/** The AWS SDK tells the id of the request beside the answer; the answer itself has none. */
const idIn = (body: JsonObject): string => textOf(objectOf(body.$metadata).requestId);

interface Ended {
  readonly id: string;
  readonly started: boolean;
  readonly stopReason: string;
  readonly usage: unknown;
  readonly error: string | null;
}

const factsOf = ({ id, started, stopReason, usage, error }: Ended, builder: AnswerBuilder): AnswerFacts => {
  const reason = statedReason(stopReason);
  return {
    ...{ id, model: "", fingerprint: "", error },
    finishReasons: started ? [reason || "error"] : [],
    usage: readConverseUsage(usage),
    answer: started ? builder.answer(reason) : null,
    complete: error === null && reason !== "",
  };
};

/** Reads a whole answer of Converse: its JSON, or the AWS SDK's output. */
export const readConverseAnswer = (body: JsonObject): AnswerFacts => {
  const builder = new AnswerBuilder();
  const message = objectOf(objectOf(body.output).message);
  for (const block of listOf(message.content).map(objectOf)) {
    if (typeof block.text === "string") builder.text(block.text);
    const { name, input } = objectOf(block.toolUse);
    if (textOf(name) !== "") builder.toolCalls.begin({ name: textOf(name), arguments: textOrJson(input) });
  }
  const stopReason = textOf(body.stopReason);
  return factsOf({ id: idIn(body), started: stopReason !== "", stopReason, usage: body.usage, error: null }, builder);
};

/** Starts an empty fold of the events of ConverseStream, each an object with one member that is named after it. */
export const createConverseFold = (): StreamFold => {
  const builder = new AnswerBuilder();
  /** Place of a tool call by the index of its content block. */
  const calls = new Map<number | null, number>();
  let [id, started, stopReason] = ["", false, ""];
  let usage: unknown;
  let error: string | null = null;

  const startBlock = ({ contentBlockIndex, start }: JsonObject): void => {
    const { name } = objectOf(objectOf(start).toolUse);
    if (textOf(name) === "") return;
    calls.set(indexOf(contentBlockIndex), builder.toolCalls.begin({ name: textOf(name), arguments: "" }));
  };
  const addDelta = ({ contentBlockIndex, delta }: JsonObject): void => {
    const { text, toolUse } = objectOf(delta);
    if (typeof text === "string") builder.text(text);
    const call = calls.get(indexOf(contentBlockIndex));
    if (call !== undefined) builder.toolCalls.extend(call, argumentsText(objectOf(toolUse).input));
  };
  const event = (data: JsonObject): void => {
    id ||= idIn(data);
    started ||= data.messageStart !== undefined;
    startBlock(objectOf(data.contentBlockStart));
    addDelta(objectOf(data.contentBlockDelta));
    stopReason = textOf(objectOf(data.messageStop).stopReason) || stopReason;
    usage = objectOf(data.metadata).usage ?? usage;
    error ??= exceptionIn(data);
  };
  return { event, facts: () => factsOf({ id, started, stopReason, usage, error }, builder) };
};
