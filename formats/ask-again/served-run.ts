import { isRecord } from "../../features/is-record.ts";
import type { JsonObject } from "../json/json-object.ts";
import { parseObject } from "../json/read-json.ts";
import { textOrJson } from "../json/text-or-json.ts";
import type { Message, Part } from "../wire/content/message.ts";
import { readMessage } from "../wire/content/read-content.ts";
import type { WireFormat } from "../wire/wire-format.ts";

/** A tool call of a served run that the app has carried out. */
export interface ServedToolCall {
  readonly name: string;
  /** As the model wrote them: JSON, mostly. */
  readonly arguments: string;
  /** What the app told the model its tool gave, as text; null where the request has no answer to this call. */
  readonly result: string | null;
}

/** What an app has done about one message of a user, as the messages of its latest call tell it. */
export interface ServedRun {
  /** The request as it was when the run began: it ends with the user's message. */
  readonly body: JsonObject;
  /** In their order. */
  readonly calls: readonly ServedToolCall[];
}

const isTold = ({ type }: Part): boolean => type === "tool_call" || type === "tool_call_response";

/** A message by which a user, and no tool, has the say. Items of the Responses API that are no messages have other types. */
const isAsking = (item: unknown): boolean => {
  if (typeof item === "string") return true;
  if (!isRecord(item) || (item.type !== undefined && item.type !== "message")) return false;
  return readMessage(item).some(({ role, parts }) => role === "user" && !parts.some(isTold));
};

/** Anthropic's and Bedrock's results are lists of parts: their texts are what counts. */
const resultText = (response: string): string => {
  if (!response.startsWith("[")) return response;
  const list: unknown = parseObject(`{"list":${response}}`)?.list;
  if (!Array.isArray(list)) return response;
  const texts = list.map((part: unknown) => {
    if (!isRecord(part)) return null;
    return typeof part.text === "string" ? part.text : part.json === undefined ? null : textOrJson(part.json);
  });
  return texts.length > 0 && texts.every((text) => text !== null) ? texts.join("") : response;
};

interface Written {
  readonly id: string | undefined;
  readonly name: string;
  readonly arguments: string;
  result: string | null;
}

/** Results name their call by its id; those of Gemini and Ollama, which have none, come in the order of the calls. */
const answer = (calls: readonly Written[], id: string | undefined, response: string): void => {
  const open = calls.filter(({ result }) => result === null);
  const found = id === undefined ? open[0] : open.find((call) => call.id === id);
  if (found !== undefined) found.result = resultText(response);
};

const textsOf = (parts: readonly Part[]): string =>
  parts.map((part) => (part.type === "text" ? part.content : "")).join("");

const take = (calls: Written[], { role, parts }: Message): void => {
  // Ollama's tool messages name no call.
  if (role === "tool" && !parts.some(isTold)) answer(calls, undefined, textsOf(parts));
  for (const part of parts) {
    if (part.type === "tool_call")
      calls.push({ id: part.id, name: part.name, arguments: part.arguments, result: null });
    if (part.type === "tool_call_response") answer(calls, part.id, part.response);
  }
};

/**
 * The run that a request of `format` is part of: what came after the latest message of a user. Its tool calls and their results
 * are in the messages that the app sends along. Pure; what is not understood is left out.
 */
export const readServedRun = (
  body: JsonObject,
  { requestContent: { input } }: Pick<WireFormat, "requestContent">,
): ServedRun => {
  const member = input.find((name) => Array.isArray(body[name]));
  const list = member === undefined ? [] : (body[member] as readonly unknown[]);
  const begun = list.findLastIndex(isAsking);
  const calls: Written[] = [];
  for (const item of list.slice(begun + 1)) for (const message of readMessage(item)) take(calls, message);
  return {
    body: member === undefined || begun < 0 ? body : { ...body, [member]: list.slice(0, begun + 1) },
    calls: calls.map(({ name, arguments: written, result }) => ({ name, arguments: written, result })),
  };
};
