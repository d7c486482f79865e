import { unreachable } from "../../core/exhaustive.ts";
import type { JsonObject } from "../json/json-object.ts";
import { cannotSay } from "./cannot-say.ts";
import { argumentsOf, functionsOf, known, type SayablePart, schemaOf, textsOf } from "./parts.ts";
import type { QuestionParameters } from "./question.ts";
import type { Say } from "./say.ts";
import { turnsOf } from "./turns.ts";

const block = (part: SayablePart): JsonObject => {
  switch (part.type) {
    case "text":
      return { text: part.content };
    case "tool_call":
      return { toolUse: { toolUseId: part.id, name: part.name, input: argumentsOf(part) } };
    case "tool_call_response":
      return { toolResult: { toolUseId: part.id, content: [{ text: part.response }] } };
    case "uri":
      return cannotSay(`a link to ${part.modality}`);
    default:
      return unreachable(part);
  }
};

const choiceOf = (choice: QuestionParameters["toolChoice"]): JsonObject | undefined => {
  if (choice === undefined || choice === "auto") return undefined;
  if (choice === "none") return cannotSay("that no tool may be called");
  return choice === "required" ? { any: {} } : { tool: choice };
};

/** Bedrock's Converse, whose path has the model. */
export const sayBedrock: Say = ({ system, messages, tools, parameters }) => {
  const { temperature, topP, maxTokens, stop, seed, json, toolChoice } = parameters;
  if (seed !== undefined) cannotSay("a seed");
  if (json !== undefined) cannotSay("a response format");
  const config = known({ maxTokens, temperature, topP, stopSequences: stop });
  const specs = functionsOf(tools).map((tool) => ({
    toolSpec: known({ name: tool.name, description: tool.description, inputSchema: { json: schemaOf(tool) } }),
  }));
  return known({
    messages: turnsOf(messages, block),
    system: system.length === 0 ? undefined : textsOf(system, "the system's instructions").map((text) => ({ text })),
    inferenceConfig: Object.keys(config).length === 0 ? undefined : config,
    toolConfig: specs.length === 0 ? undefined : known({ tools: specs, toolChoice: choiceOf(toolChoice) }),
  });
};
