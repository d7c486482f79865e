import { unreachable } from "../../core/exhaustive.ts";
import type { Content, Message, Part, ToolDefinition } from "../../formats/wire/content/message.ts";
import type { ContentField, Redact } from "./redaction.ts";

/** The redaction failed for one text. */
class NotRedacted extends Error {}

type Apply = (text: string) => string;

const redactPart = (part: Part, apply: Apply): Part => {
  switch (part.type) {
    case "text":
    case "reasoning":
      return { ...part, content: apply(part.content) };
    case "tool_call":
      return { ...part, arguments: apply(part.arguments) };
    case "tool_call_response":
      return { ...part, response: apply(part.response) };
    case "uri":
      return { ...part, uri: apply(part.uri) };
    case "blob":
      return part;
    default:
      return unreachable(part);
  }
};

const redactMessage = (message: Message, apply: Apply): Message => ({
  ...message,
  parts: message.parts.map((part) => redactPart(part, apply)),
});

const redactTool = ({ description, parameters, ...tool }: ToolDefinition, apply: Apply): ToolDefinition => ({
  ...tool,
  ...(description === undefined ? {} : { description: apply(description) }),
  ...(parameters === undefined ? {} : { parameters: apply(parameters) }),
});

/** Passes every text through the redaction; null when it failed for any of them. */
export const redactContent = (content: Content, redact: Redact): Content | null => {
  const applyTo =
    (field: ContentField): Apply =>
    (text) => {
      const redacted = redact(text, field);
      if (redacted === null) throw new NotRedacted();
      return redacted;
    };
  try {
    return {
      input: content.input.map((message) => redactMessage(message, applyTo("input"))),
      output: content.output.map((message) => redactMessage(message, applyTo("output"))),
      systemInstructions: content.systemInstructions.map((part) => redactPart(part, applyTo("system_instructions"))),
      toolDefinitions: content.toolDefinitions.map((tool) => redactTool(tool, applyTo("tool_definitions"))),
    };
  } catch (error) {
    if (error instanceof NotRedacted) return null;
    throw error;
  }
};
