import type { AskedFor } from "../../../features/answer.ts";
import { isRecord } from "../../../features/is-record.ts";
import type { JsonObject } from "../../json/json-object.ts";
import { listOf } from "../../json/read-json.ts";
import { offeredTools } from "../../tools/offered-tools.ts";
import { readTool } from "../../tools/read-tool.ts";

const demanded = (choice: unknown): boolean => {
  if (typeof choice === "string") return choice === "required" || choice === "any";
  if (!isRecord(choice)) return false;
  const allowed = isRecord(choice.allowed_tools) ? choice.allowed_tools : choice;
  return choice.type === "allowed_tools" ? allowed.mode === "required" : true;
};

/** The tools a request of an OpenAI-like endpoint offers, and whether one has to be called. */
export const readTools = (body: JsonObject): Pick<AskedFor, "tools" | "toolSchemas" | "toolRequired"> => ({
  ...offeredTools(listOf(body.tools ?? body.functions).map(readTool)),
  toolRequired: demanded(body.tool_choice ?? body.function_call),
});
