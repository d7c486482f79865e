import type { JsonObject } from "../json/json-object.ts";
import type { Message, Part } from "../wire/content/message.ts";
import { cannotSay } from "./cannot-say.ts";
import { functionsOf, known, type SayablePart, sayable, schemaOf, withIds } from "./parts.ts";
import type { Question, QuestionParameters } from "./question.ts";
import type { Say } from "./say.ts";

const contentOf = (parts: readonly SayablePart[]): unknown => {
  const said = parts.filter(({ type }) => type === "text" || type === "uri");
  if (said.every(({ type }) => type === "text") && said.length <= 1) {
    return said.map((part) => (part.type === "text" ? part.content : "")).join("");
  }
  return said.map((part) => {
    if (part.type === "text") return { type: "text", text: part.content };
    if (part.type === "uri" && part.modality === "image") return { type: "image_url", image_url: { url: part.uri } };
    return cannotSay(part.type === "uri" ? `a link to ${part.modality}` : part.type);
  });
};

const callsOf = (parts: readonly Part[]): readonly JsonObject[] =>
  parts.flatMap((part) =>
    part.type === "tool_call"
      ? [{ id: part.id, type: "function", function: { name: part.name, arguments: part.arguments } }]
      : [],
  );

const sayMessage = ({ role, parts: all }: Message): readonly JsonObject[] => {
  const parts = sayable(all);
  const answers = parts.flatMap((part) =>
    part.type === "tool_call_response" ? [{ role: "tool", tool_call_id: part.id, content: part.response }] : [],
  );
  const calls = callsOf(parts);
  const isEmpty = parts.every(({ type }) => type === "tool_call_response" || type === "tool_call");
  if (isEmpty && calls.length === 0) return answers;
  if (role === "tool") return cannotSay("a tool's message with more than its answer");
  return [
    ...answers,
    { role, content: isEmpty ? null : contentOf(parts), ...(calls.length === 0 ? {} : { tool_calls: calls }) },
  ];
};

/** The messages of a chat completion, the system's first. */
export const chatMessages = ({ system, messages }: Pick<Question, "system" | "messages">): readonly JsonObject[] => [
  ...(system.length === 0 ? [] : [{ role: "system", content: contentOf(sayable(system)) }]),
  ...withIds(messages).flatMap(sayMessage),
];

/** Tools as chat completions take them; none = undefined. */
export const chatTools = ({ tools }: Pick<Question, "tools">): readonly JsonObject[] | undefined =>
  tools.length === 0
    ? undefined
    : functionsOf(tools).map((tool) => ({
        type: "function",
        function: known({ name: tool.name, description: tool.description, parameters: schemaOf(tool) }),
      }));

/** `response_format`. */
export const chatFormat = (json: QuestionParameters["json"]): JsonObject | undefined => {
  if (json === undefined) return undefined;
  return json === "object" ? { type: "json_object" } : { type: "json_schema", json_schema: json };
};

/** `tool_choice`. */
export const chatChoice = (choice: QuestionParameters["toolChoice"]): unknown =>
  typeof choice === "object" ? { type: "function", function: choice } : choice;

const sayWith =
  (maxTokens: "max_tokens" | "max_completion_tokens"): Say =>
  (question, model) => {
    const { temperature, topP, stop, seed, json, toolChoice, maxTokens: longest } = question.parameters;
    return known({
      ...{ model, messages: chatMessages(question), tools: chatTools(question), tool_choice: chatChoice(toolChoice) },
      ...{ temperature, top_p: topP, [maxTokens]: longest, stop, seed, response_format: chatFormat(json) },
    });
  };

/** OpenAI's own chat completions, whose newer models refuse `max_tokens`. */
export const sayOpenai: Say = sayWith("max_completion_tokens");

/** Whatever takes chat completions as OpenAI's did from the beginning. */
export const sayOpenaiCompatible: Say = sayWith("max_tokens");

/** Mistral's, which has names of its own for two parameters. */
export const sayMistral: Say = (question, model) => {
  const { seed, tool_choice: choice, ...rest } = sayOpenaiCompatible(question, model);
  return known({ ...rest, random_seed: seed, tool_choice: choice === "required" ? "any" : choice });
};
