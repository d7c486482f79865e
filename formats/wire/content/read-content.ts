import type { Answer } from "../../../features/answer.ts";
import { isRecord } from "../../../features/is-record.ts";
import type { JsonObject } from "../wire-format.ts";
import type { Content, Message, Part, ToolDefinition } from "./message.ts";
import { jsonText, readPart, readParts, readToolCall } from "./read-part.ts";

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : value == null ? [] : [value]);

const readMessage = (message: unknown): Message[] => {
  if (typeof message === "string") return [{ role: "user", parts: readPart(message) }];
  if (!isRecord(message)) return [];
  const { role, content, parts, tool_calls: calls, tool_call_id: id } = message;
  const name = textOf(role) || "user";
  // Items of the Responses API that are no messages: calls of tools and their results.
  if (content === undefined && parts === undefined && calls === undefined) {
    return [{ role: name, parts: readPart(message) }];
  }
  if (name === "tool" && typeof id === "string") {
    return [{ role: name, parts: [{ type: "tool_call_response", id, response: jsonText(content) }] }];
  }
  return [{ role: name, parts: [...readParts(content ?? parts), ...listOf(calls).flatMap(readToolCall)] }];
};

/** Where requests have their input: chat, Responses and embeddings, Gemini, old completions, Bedrock's Titan. */
const inputOf = ({ messages, input, contents, prompt, inputText }: JsonObject): Message[] =>
  listOf(messages ?? input ?? contents ?? prompt ?? inputText).flatMap(readMessage);

const systemOf = ({ system, instructions, systemInstruction, system_instruction: snake }: JsonObject): Part[] => {
  const found = system ?? instructions ?? systemInstruction ?? snake;
  return readParts(isRecord(found) && Array.isArray(found.parts) ? found.parts : found);
};

/** Tools come bare, below `function`, below `toolSpec`, or as a list below `functionDeclarations`. */
const readTool = (tool: unknown): ToolDefinition[] => {
  if (!isRecord(tool)) return [];
  if (Array.isArray(tool.functionDeclarations)) return tool.functionDeclarations.flatMap(readTool);
  const nested = tool.function ?? tool.toolSpec;
  const { name, description, ...rest } = isRecord(nested) ? nested : tool;
  const schema = rest.parameters ?? rest.parametersJsonSchema ?? rest.input_schema ?? rest.inputSchema;
  return [
    {
      ...{ type: textOf(tool.type) || "function", name: textOf(name) },
      ...(typeof description === "string" ? { description } : {}),
      ...(schema === undefined ? {} : { parameters: jsonText(schema) }),
    },
  ];
};

const toolsOf = ({ tools, toolConfig }: JsonObject): ToolDefinition[] =>
  listOf(tools ?? (isRecord(toolConfig) ? toolConfig.tools : undefined)).flatMap(readTool);

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
