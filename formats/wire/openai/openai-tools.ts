import type { AskedFor } from "../../../features/answer.ts";
import { isRecord } from "../../../features/is-record.ts";
import { listOf, objectOf, textOf } from "../../json/read-json.ts";
import type { JsonObject } from "../wire-format.ts";

/** A tool a request offers: chat completions nest it under its type, responses do not, old requests have no type. */
const readTool = (tool: unknown): { name: string; schema: unknown } => {
  const outer = objectOf(tool);
  const inner = objectOf(outer.function ?? outer.custom ?? outer);
  return { name: textOf(inner.name), schema: inner.parameters };
};

const demanded = (choice: unknown): boolean => {
  if (typeof choice === "string") return choice === "required" || choice === "any";
  if (!isRecord(choice)) return false;
  const allowed = isRecord(choice.allowed_tools) ? choice.allowed_tools : choice;
  return choice.type === "allowed_tools" ? allowed.mode === "required" : true;
};

/** The tools a request of an OpenAI-like endpoint offers, and whether one has to be called. */
export const readTools = (body: JsonObject): Pick<AskedFor, "tools" | "toolSchemas" | "toolRequired"> => {
  const tools = listOf(body.tools ?? body.functions)
    .map(readTool)
    .filter(({ name }) => name !== "");
  return {
    tools: tools.map(({ name }) => name),
    toolSchemas: new Map(tools.flatMap(({ name, schema }) => (isRecord(schema) ? [[name, schema]] : []))),
    toolRequired: demanded(body.tool_choice ?? body.function_call),
  };
};
