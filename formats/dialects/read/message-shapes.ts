import type { ToolCall } from "../../../features/answer.ts";
import { isRecord } from "../../../features/is-record.ts";
import { jsonText, numbered, type Recorded, structured, textIn } from "./recorded-values.ts";

/** The message of an answer as a span carries it. */
export interface RecordedMessage {
  readonly text: string | null;
  readonly refusal: string | null;
  readonly toolCalls: readonly ToolCall[];
}

const nothing: RecordedMessage = { text: null, refusal: null, toolCalls: [] };

const isEmpty = ({ text, refusal, toolCalls }: RecordedMessage): boolean =>
  text === null && refusal === null && toolCalls.length === 0;

const toolCall = (call: unknown): ToolCall[] => {
  if (!isRecord(call)) return [];
  const inner = isRecord(call.function) ? call.function : call;
  const name = inner.name ?? inner.toolName;
  return typeof name === "string" ? [{ name, arguments: jsonText(inner.arguments ?? inner.args ?? inner.input) }] : [];
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
const messagesIn =
  (name: string) =>
  (recorded: Recorded): RecordedMessage => {
    const value = structured(recorded.get(name));
    return messageOf(Array.isArray(value) ? value[0] : value);
  };

const vercel = (recorded: Recorded): RecordedMessage => {
  const calls = structured(recorded.get("ai.response.toolCalls"));
  return {
    text: textIn(recorded, "ai.response.text") || textIn(recorded, "ai.response.object") || null,
    refusal: null,
    toolCalls: Array.isArray(calls) ? calls.flatMap(toolCall) : [],
  };
};

/** Messages spread over attributes: `<prefix>.content`, `<prefix>.tool_calls.<j>.<call>.name` and `.arguments`. */
const spread =
  (prefix: string, call: string) =>
  (recorded: Recorded): RecordedMessage => {
    const contents = numbered(recorded, `${prefix}.contents`, ".message_content.text");
    const text = textIn(recorded, `${prefix}.content`) || contents.map(jsonText).join("");
    const names = numbered(recorded, `${prefix}.tool_calls`, `${call}.name`);
    const toolCalls = names.map((name, at) => ({
      name: jsonText(name),
      arguments: jsonText(recorded.get(`${prefix}.tool_calls.${at}${call}.arguments`)),
    }));
    return { text: text || null, refusal: null, toolCalls };
  };

/** Attributes whose value is either a message or the text itself. */
const looseText =
  (name: string) =>
  (recorded: Recorded): RecordedMessage => {
    const value = structured(recorded.get(name));
    const message = messageOf(Array.isArray(value) ? value[0] : value);
    return isEmpty(message) ? { ...nothing, text: textIn(recorded, name) || null } : message;
  };

const SOURCES: readonly ((recorded: Recorded) => RecordedMessage)[] = [
  messagesIn("gen_ai.output.messages"),
  vercel,
  spread("llm.output_messages.0.message", ".tool_call.function"),
  spread("gen_ai.completion.0", ""),
  looseText("gen_ai.completion"),
  looseText("langfuse.observation.output"),
  looseText("gen_ai.response.text"),
];

/** The message of the answer in a span's attributes; null when there is none. The first source that has one wins. */
export const recordedMessage = (recorded: Recorded): RecordedMessage | null => {
  for (const source of SOURCES) {
    const message = source(recorded);
    if (!isEmpty(message)) return message;
  }
  return null;
};
