import { isRecord } from "../../../features/is-record.ts";
import type { Content, Message, Part, ToolDefinition } from "../../wire/content/message.ts";
import { mediaPart, textPart, toolCallPart, toolResponsePart } from "../../wire/content/part.ts";
import { readDefinition, readMessage } from "../../wire/content/read-content.ts";
import { readPart } from "../../wire/content/read-part.ts";
import type { DialectAnswer } from "../dialect.ts";
import type { Recorded, RecordedMessage } from "./recorded.ts";
import { structured } from "./recorded-values.ts";

const textIn = (value: unknown): string => (typeof value === "string" ? value : "");

/** Parts as spans write them; those of a provider are left to its own words. Bytes are left out. */
const PARTS: Readonly<Record<string, (part: Readonly<Record<string, unknown>>) => Part>> = {
  text: ({ content, text }) => textPart(content ?? text),
  reasoning: ({ content, text }) => ({ type: "reasoning", content: textIn(content ?? text) }),
  tool_call: ({ id, name, arguments: args }) => toolCallPart(id, name, args),
  tool_call_response: ({ id, response, result }) => toolResponsePart(id, response ?? result),
  "tool-call": ({ toolCallId, toolName, input, args }) => toolCallPart(toolCallId, toolName, input ?? args),
  "tool-result": ({ toolCallId, output, result }) => toolResponsePart(toolCallId, output ?? result),
  uri: ({ modality, uri }) => mediaPart(textIn(modality), uri),
  blob: ({ modality }) => mediaPart(textIn(modality), ""),
};

const partOf = (part: unknown): readonly Part[] => {
  const read = isRecord(part) && typeof part.type === "string" ? PARTS[part.type] : undefined;
  return isRecord(part) && read !== undefined && Object.hasOwn(PARTS, String(part.type))
    ? [read(part)]
    : readPart(part);
};

const partsOf = (value: unknown): readonly Part[] => (Array.isArray(value) ? value : [value]).flatMap(partOf);

/** A message in any of the shapes seen: `{ role, parts }`, `{ role, content }` as text or as parts, with `tool_calls`. */
const messageOf = (message: unknown): readonly Message[] => {
  if (!isRecord(message)) return readMessage(message);
  const parts = message.parts ?? message.content;
  if (!Array.isArray(parts) || typeof message.tool_call_id === "string") return readMessage(message);
  const [rest] = message.tool_calls === undefined ? [] : readMessage({ ...message, parts: undefined, content: [] });
  return [{ role: textIn(message.role) || "user", parts: [...parts.flatMap(partOf), ...(rest?.parts ?? [])] }];
};

const outputOf = ({ text, refusal, toolCalls }: RecordedMessage, finishReason: string): readonly Message[] => {
  const parts: Part[] = [
    ...[text, refusal].flatMap((each) => (each === null || each === "" ? [] : [textPart(each)])),
    ...toolCalls.map((call) => ({ type: "tool_call" as const, ...call })),
  ];
  const reason = finishReason === "" ? {} : { finish_reason: finishReason };
  return parts.length === 0 ? [] : [{ role: "assistant", parts, ...reason }];
};

/** The messages of a request; what stands in a list's place is one message, or has them as its `messages`. */
const inputOf = (value: unknown): readonly Message[] => {
  const found = structured(value) ?? value;
  const list = isRecord(found) && Array.isArray(found.messages) ? found.messages : found;
  return (Array.isArray(list) ? list : [list]).map((each) => structured(each) ?? each).flatMap(messageOf);
};

const systemOf = (value: unknown): readonly Part[] => {
  const found = structured(value) ?? value;
  return found === undefined || found === null || found === "" ? [] : partsOf(found);
};

const toolsOf = (definitions: readonly unknown[]): readonly ToolDefinition[] =>
  definitions.map((each) => structured(each)).flatMap(readDefinition);

/** What of a span is its content, as its dialects found it. */
export interface FoundContent {
  readonly message: RecordedMessage | null;
  readonly finishReason: string;
  readonly tools: readonly unknown[];
}

/** Content of a call in the words of the GenAI conventions, whichever dialect wrote it; null where the span has none. */
export const contentIn = (
  recorded: Recorded,
  { message, finishReason, tools }: FoundContent,
  places: readonly DialectAnswer[],
): Content | null => {
  const first = (read: (place: DialectAnswer) => unknown): unknown => {
    for (const place of places) {
      const found = read(place);
      if (found !== undefined && found !== null && found !== "") return found;
    }
    return undefined;
  };
  const given = first(({ input }) => input?.(recorded));
  const input = given === undefined ? [] : inputOf(given).filter(({ parts }) => parts.length > 0);
  const output = message === null ? [] : outputOf(message, finishReason);
  if (input.length === 0 && output.length === 0) return null;
  return {
    ...{ input, output, toolDefinitions: toolsOf(tools) },
    systemInstructions: systemOf(first(({ system }) => system?.(recorded))),
  };
};
