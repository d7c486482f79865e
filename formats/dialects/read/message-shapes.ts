import type { ToolCall } from "../../../features/answer.ts";
import { isRecord } from "../../../features/is-record.ts";
import { readToolCall } from "../../tools/read-tool-call.ts";
import type { Recorded, RecordedMessage } from "./recorded.ts";
import { knownText, listIn, numbered, structured, textIn } from "./recorded-values.ts";

const nothing: RecordedMessage = { text: null, refusal: null, toolCalls: [] };

/** True for a message that says nothing. */
export const isEmptyMessage = ({ text, refusal, toolCalls }: RecordedMessage): boolean =>
  text === null && refusal === null && toolCalls.length === 0;

const toolCall = (call: unknown): ToolCall[] => {
  const { name, arguments: given } = readToolCall(call);
  return typeof name === "string" ? [{ name, arguments: knownText(given) }] : [];
};

const partsOf = (parts: readonly unknown[]): RecordedMessage => {
  const texts: string[] = [];
  let refusal: string | null = null;
  const toolCalls: ToolCall[] = [];
  for (const part of parts.filter(isRecord)) {
    const text = part.content ?? part.text ?? part.refusal;
    if (part.type === "tool_call" || part.type === "tool-call" || part.type === "tool_use")
      toolCalls.push(...toolCall(part));
    else if (part.type === "refusal") refusal = typeof text === "string" ? text : "";
    else if ((part.type === "text" || part.type === "output_text") && typeof text === "string") texts.push(text);
  }
  return { text: texts.length > 0 ? texts.join("") : null, refusal, toolCalls };
};

/** A message in one of the shapes seen: `{ parts }`, `{ content }` as text or as parts, with `tool_calls`. */
const messageOf = (message: unknown): RecordedMessage => {
  if (typeof message === "string") return { ...nothing, text: message };
  if (!isRecord(message)) return nothing;
  const content = message.parts ?? message.content;
  const read = Array.isArray(content)
    ? partsOf(content)
    : { ...nothing, text: typeof content === "string" ? content : null };
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls.flatMap(toolCall) : read.toolCalls;
  return { ...read, refusal: typeof message.refusal === "string" ? message.refusal : read.refusal, toolCalls: calls };
};

/** The first message of an attribute that holds a list of them, or one. */
export const messageIn = (recorded: Recorded, name: string): RecordedMessage => {
  const value = structured(recorded.get(name));
  return messageOf(Array.isArray(value) ? value[0] : value);
};

/** The message of an attribute whose value is either one, or a list of them, or the text itself. */
export const looseMessageIn = (recorded: Recorded, name: string): RecordedMessage => {
  const message = messageIn(recorded, name);
  return isEmptyMessage(message) ? { ...nothing, text: textIn(recorded, name) || null } : message;
};

/** The tool calls of an attribute that holds a list of them. */
export const toolCallsIn = (recorded: Recorded, name: string): readonly ToolCall[] =>
  (listIn(recorded, name) ?? []).flatMap(toolCall);

/** A message spread over attributes: `<prefix>.content`, `<prefix>.tool_calls.<j>.<call>.name` and `.arguments`. */
export const spreadMessageIn = (recorded: Recorded, prefix: string, call: string): RecordedMessage => {
  const contents = numbered(recorded, `${prefix}.contents`, ".message_content.text");
  const text = textIn(recorded, `${prefix}.content`) || contents.map(knownText).join("");
  const names = numbered(recorded, `${prefix}.tool_calls`, `${call}.name`);
  const toolCalls = names.map((name, at) => ({
    name: knownText(name),
    arguments: knownText(recorded.get(`${prefix}.tool_calls.${at}${call}.arguments`)),
  }));
  return { text: text || null, refusal: null, toolCalls };
};
