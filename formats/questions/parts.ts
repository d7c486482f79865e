import { unreachable } from "../../core/exhaustive.ts";
import type { JsonObject } from "../json/json-object.ts";
import { parseObject } from "../json/read-json.ts";
import type { Message, Part, ToolDefinition } from "../wire/content/message.ts";
import { cannotSay } from "./cannot-say.ts";

type PartOf<Type extends Part["type"]> = Extract<Part, { readonly type: Type }>;

/** A text, a call of a tool, what a tool answered, a link to an image or the like: what any model can be given. */
export type SayablePart =
  | { readonly type: "text"; readonly content: string }
  | PartOf<"tool_call">
  | PartOf<"tool_call_response">
  | PartOf<"uri">;

/** The parts, where another model can be given all of them. */
export const sayable = (parts: readonly Part[]): readonly SayablePart[] =>
  parts.map((part) => {
    switch (part.type) {
      case "text":
      case "reasoning":
        return part.type === "text"
          ? { type: part.type, content: part.content }
          : cannotSay("reasoning of a model, which no other model takes");
      case "blob":
        return cannotSay("an attachment whose bytes are not there");
      case "tool_call":
      case "tool_call_response":
      case "uri":
        return part;
      default:
        return unreachable(part);
    }
  });

/** The texts of parts that hold nothing else, one string each. */
export const textsOf = (parts: readonly Part[], where: string): readonly string[] =>
  sayable(parts).map((part) => (part.type === "text" ? part.content : cannotSay(`a ${part.type} in ${where}`)));

/** The one text that the parts are, where a provider takes one alone. */
export const textOf = (parts: readonly Part[], where: string): string => {
  const [text = "", ...more] = textsOf(parts, where);
  return more.length === 0 ? text : cannotSay(`several texts in ${where}`);
};

/** A tool's arguments, where they are to be an object. */
export const argumentsOf = ({ name, arguments: text }: PartOf<"tool_call">): JsonObject =>
  parseObject(text === "" ? "{}" : text) ?? cannotSay(`arguments of ${name} that are no JSON object`);

/** The JSON Schema of a tool's parameters; one without has none. */
export const schemaOf = ({ name, parameters }: ToolDefinition): JsonObject =>
  parameters === undefined ? { type: "object", properties: {} } : schemaIn(name, parameters);

const schemaIn = (name: string, text: string): JsonObject =>
  parseObject(text) ?? cannotSay(`a schema of ${name} that is no JSON object`);

/** The tools, where all of them are functions of the app's. */
export const functionsOf = (tools: readonly ToolDefinition[]): readonly ToolDefinition[] =>
  tools.map((tool) => (tool.type === "function" ? tool : cannotSay(`a tool of type ${tool.type}`)));

/** A call or its answer by its id; calls without one are numbered as they come, and answers go by the order. */
export const withIds = (messages: readonly Message[]): readonly Message[] => {
  const waiting = new Set<string>();
  let count = 0;
  return messages.map((message) => ({
    ...message,
    parts: message.parts.map((part) => {
      if (part.type === "tool_call") {
        const id = part.id ?? `call_${++count}`;
        waiting.add(id);
        return { ...part, id };
      }
      if (part.type !== "tool_call_response") return part;
      const [first] = waiting;
      const id = part.id ?? first;
      if (id === undefined || !waiting.delete(id)) return cannotSay("a tool's answer without its call");
      return { ...part, id };
    }),
  }));
};

/** The name of the tool that each call's id stands for. */
export const namesById = (messages: readonly Message[]): ReadonlyMap<string, string> =>
  new Map(
    messages.flatMap(({ parts }) =>
      parts.flatMap((part) =>
        part.type === "tool_call" && part.id !== undefined ? [[part.id, part.name] as const] : [],
      ),
    ),
  );

/** Members that are known: what is undefined is left out, so that no provider is sent a null. */
export const known = (members: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
