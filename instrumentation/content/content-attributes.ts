import { GEN_AI, LEEWAY } from "../../core/attributes.ts";
import type { Answer } from "../../features/answer.ts";
import type { JsonObject } from "../../formats/json/json-object.ts";
import type { Message, Part, ToolDefinition } from "../../formats/wire/content/message.ts";
import { readContent } from "../../formats/wire/content/read-content.ts";
import type { ContentSettings } from "./content-settings.ts";
import { fitJson } from "./fit-json.ts";
import { redactContent } from "./redact-content.ts";
import type { Redact } from "./redaction.ts";

/** The value a JSON text stands for; other text as it is. */
const parsedOr = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const partJson = (part: Part): unknown => {
  if (part.type === "tool_call") return { ...part, arguments: parsedOr(part.arguments) };
  if (part.type === "tool_call_response") return { ...part, response: parsedOr(part.response) };
  return part;
};

const messageJson = (message: Message): unknown => ({ ...message, parts: message.parts.map(partJson) });

const toolJson = (tool: ToolDefinition): unknown =>
  tool.parameters === undefined ? tool : { ...tool, parameters: parsedOr(tool.parameters) };

/**
 * The content of a call as span attributes: JSON texts in the shapes of the GenAI conventions, redacted, and shortened
 * where they are longer than the settings allow; `leeway.content.truncated` names the shortened ones. Empty when there
 * is no content, or the redaction failed.
 */
export const contentAttributes = (
  body: JsonObject,
  answer: Answer | null,
  { maxBytes }: ContentSettings,
  redact: Redact,
): Readonly<Record<string, string | string[]>> => {
  const content = redactContent(readContent(body, answer), redact);
  if (content === null) return {};
  const attributes: Record<string, string | string[]> = {};
  const truncated: string[] = [];
  const add = (name: string, entries: readonly unknown[]): void => {
    if (entries.length === 0) return;
    const fitted = fitJson(entries, maxBytes);
    attributes[name] = fitted.json;
    if (fitted.truncated) truncated.push(name);
  };
  add(GEN_AI.inputMessages, content.input.map(messageJson));
  add(GEN_AI.outputMessages, content.output.map(messageJson));
  add(GEN_AI.systemInstructions, content.systemInstructions.map(partJson));
  add(GEN_AI.toolDefinitions, content.toolDefinitions.map(toolJson));
  if (truncated.length > 0) attributes[LEEWAY.contentTruncated] = truncated;
  return attributes;
};
