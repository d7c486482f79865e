import type { Answer } from "../../../features/answer.ts";
import { isRecord } from "../../../features/is-record.ts";
import type { JsonObject } from "../../json/json-object.ts";
import { textOf } from "../../json/read-json.ts";
import { textOrJson } from "../../json/text-or-json.ts";
import { readTool } from "../../tools/read-tool.ts";
import { WIRE_FORMATS } from "../wire-formats.ts";
import type { Content, Message, Part, ToolDefinition } from "./message.ts";
import { readCallPart, readPart, readParts } from "./read-part.ts";

/** The list, a list of the only value, or none. */
const manyOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : value == null ? [] : [value]);

/** One message, in whatever provider's words; none for what is no message. */
export const readMessage = (message: unknown): Message[] => {
  if (typeof message === "string") return [{ role: "user", parts: readPart(message) }];
  if (!isRecord(message)) return [];
  const { role, content, parts, tool_calls: calls, tool_call_id: id } = message;
  const name = textOf(role) || "user";
  // Items of the Responses API that are no messages: calls of tools and their results.
  if (content === undefined && parts === undefined && calls === undefined) {
    return [{ role: name, parts: readPart(message) }];
  }
  if (name === "tool" && typeof id === "string") {
    return [{ role: name, parts: [{ type: "tool_call_response", id, response: textOrJson(content) }] }];
  }
  return [{ role: name, parts: [...readParts(content ?? parts), ...manyOf(calls).flatMap(readCallPart)] }];
};

const INPUTS = new Set(WIRE_FORMATS.flatMap(({ requestContent }) => requestContent.input));
const SYSTEMS = new Set(WIRE_FORMATS.flatMap(({ requestContent }) => requestContent.system ?? []));

/** The first of these members that a body has. */
const memberOf = (body: JsonObject, names: ReadonlySet<string>): unknown => {
  for (const name of names) if (body[name] != null) return body[name];
  return undefined;
};

const inputOf = (body: JsonObject): Message[] => manyOf(memberOf(body, INPUTS)).flatMap(readMessage);

const systemOf = (body: JsonObject): Part[] => {
  const found = memberOf(body, SYSTEMS);
  return readParts(isRecord(found) && Array.isArray(found.parts) ? found.parts : found);
};

/** The definition of a tool, in whatever provider's words; Gemini lists its tools below `functionDeclarations`. */
export const readDefinition = (tool: unknown): ToolDefinition[] => {
  if (!isRecord(tool)) return [];
  if (Array.isArray(tool.functionDeclarations)) return tool.functionDeclarations.flatMap(readDefinition);
  const { type, name, description, schema } = readTool(tool);
  return [
    {
      ...{ type: type || "function", name },
      ...(typeof description === "string" ? { description } : {}),
      ...(schema === undefined ? {} : { parameters: textOrJson(schema) }),
    },
  ];
};

const toolsOf = ({ tools, toolConfig }: JsonObject): ToolDefinition[] =>
  manyOf(tools ?? (isRecord(toolConfig) ? toolConfig.tools : undefined)).flatMap(readDefinition);

const outputOf = (answer: Answer | null): Message[] => {
  if (answer === null) return [];
  const texts = [answer.text, answer.refusal].filter((text) => text !== null && text !== "");
  const parts: Part[] = [
    ...texts.map((content) => ({ type: "text" as const, content: content ?? "" })),
    ...answer.toolCalls.map((call) => ({ type: "tool_call" as const, name: call.name, arguments: call.arguments })),
  ];
  return [{ role: "assistant", parts, ...(answer.finishReason === "" ? {} : { finish_reason: answer.finishReason }) }];
};

/** The content of a call: its request, in whatever provider's words, and its answer. Bytes of media are left out. */
export const readContent = (body: JsonObject, answer: Answer | null): Content => ({
  input: inputOf(body),
  output: outputOf(answer),
  systemInstructions: systemOf(body),
  toolDefinitions: toolsOf(body),
});
