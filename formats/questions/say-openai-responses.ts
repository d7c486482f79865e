import type { JsonObject } from "../json/json-object.ts";
import type { Message } from "../wire/content/message.ts";
import { cannotSay } from "./cannot-say.ts";
import { functionsOf, known, type SayablePart, sayable, schemaOf, textOf, withIds } from "./parts.ts";
import type { QuestionParameters } from "./question.ts";
import type { Say } from "./say.ts";

const contentPart = (part: SayablePart, role: string): JsonObject => {
  if (part.type === "text") return { type: role === "assistant" ? "output_text" : "input_text", text: part.content };
  if (part.type === "uri" && part.modality === "image" && role === "user") {
    return { type: "input_image", image_url: part.uri };
  }
  return cannotSay(part.type === "uri" ? `a link to ${part.modality}` : part.type);
};

/** Items in the order they were said: texts as a message, calls and their answers as items of their own. */
const sayMessage = ({ role, parts }: Message): readonly JsonObject[] => {
  const items: JsonObject[] = [];
  let content: JsonObject[] = [];
  const flush = (): void => {
    if (content.length > 0) items.push({ role, content });
    content = [];
  };
  for (const part of sayable(parts)) {
    if (part.type === "tool_call" || part.type === "tool_call_response") {
      flush();
      items.push(
        part.type === "tool_call"
          ? { type: "function_call", call_id: part.id, name: part.name, arguments: part.arguments }
          : { type: "function_call_output", call_id: part.id, output: part.response },
      );
    } else content.push(contentPart(part, role));
  }
  flush();
  return items;
};

const formatOf = (json: QuestionParameters["json"]): JsonObject | undefined => {
  if (json === undefined) return undefined;
  return { format: json === "object" ? { type: "json_object" } : { type: "json_schema", ...json } };
};

/** OpenAI's Responses, of which nothing is kept at the provider. */
export const sayOpenaiResponses: Say = ({ system, messages, tools, parameters }, model) => {
  const { temperature, topP, maxTokens, stop, seed, json, toolChoice } = parameters;
  if (stop !== undefined) cannotSay("stop sequences");
  if (seed !== undefined) cannotSay("a seed");
  const functions = functionsOf(tools).map((tool) =>
    // As it was asked: strict is what it becomes when nothing is said.
    known({
      ...{ type: "function", name: tool.name, description: tool.description, parameters: schemaOf(tool) },
      strict: false,
    }),
  );
  return known({
    ...{ model, store: false, input: withIds(messages).flatMap(sayMessage) },
    instructions: system.length === 0 ? undefined : textOf(system, "the system's instructions"),
    tools: functions.length === 0 ? undefined : functions,
    tool_choice: typeof toolChoice === "object" ? { type: "function", ...toolChoice } : toolChoice,
    ...{ temperature, top_p: topP, max_output_tokens: maxTokens, text: formatOf(json) },
  });
};
