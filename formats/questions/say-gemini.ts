import { unreachable } from "../../core/exhaustive.ts";
import type { JsonObject } from "../json/json-object.ts";
import { parseObject } from "../json/read-json.ts";
import type { Message } from "../wire/content/message.ts";
import { cannotSay } from "./cannot-say.ts";
import { argumentsOf, functionsOf, known, namesById, type SayablePart, schemaOf, textsOf, withIds } from "./parts.ts";
import type { QuestionParameters } from "./question.ts";
import type { Say } from "./say.ts";
import { turnsOf } from "./turns.ts";

type Names = ReadonlyMap<string, string>;

const sayPart = (part: SayablePart, names: Names): JsonObject => {
  switch (part.type) {
    case "text":
      return { text: part.content };
    case "tool_call":
      return { functionCall: { name: part.name, args: argumentsOf(part) } };
    case "tool_call_response": {
      // What a tool answers has to be an object; a text is one's member `output`, as Google's own SDKs write it.
      const response = parseObject(part.response) ?? { output: part.response };
      return { functionResponse: { name: names.get(part.id ?? "") ?? cannotSay("a tool's answer"), response } };
    }
    case "uri":
      return cannotSay(`a link to ${part.modality}`);
    default:
      return unreachable(part);
  }
};

const sayMessages = (all: readonly Message[]): readonly JsonObject[] => {
  const messages = withIds(all);
  const names = namesById(messages);
  return turnsOf(messages, (part) => sayPart(part, names)).map(({ role, content }) => ({
    role: role === "user" ? role : "model",
    parts: content,
  }));
};

const MODES = { auto: "AUTO", none: "NONE", required: "ANY" } as const;

const choiceOf = (choice: QuestionParameters["toolChoice"]): JsonObject | undefined => {
  if (choice === undefined) return undefined;
  const config =
    typeof choice === "object" ? { mode: "ANY", allowedFunctionNames: [choice.name] } : { mode: MODES[choice] };
  return { functionCallingConfig: config };
};

const jsonOf = (json: QuestionParameters["json"]): JsonObject => {
  if (json === undefined) return {};
  const schema = json === "object" ? {} : { responseJsonSchema: json.schema };
  return { responseMimeType: "application/json", ...schema };
};

/** Gemini's generateContent, whose path has the model. */
export const sayGemini: Say = ({ system, messages, tools, parameters }) => {
  const { temperature, topP, maxTokens, stop, seed, json, toolChoice } = parameters;
  const config = known({
    ...{ temperature, topP, maxOutputTokens: maxTokens, stopSequences: stop, seed },
    ...jsonOf(json),
  });
  const functions = functionsOf(tools).map((tool) =>
    known({ name: tool.name, description: tool.description, parametersJsonSchema: schemaOf(tool) }),
  );
  return known({
    contents: sayMessages(messages),
    systemInstruction:
      system.length === 0
        ? undefined
        : { parts: textsOf(system, "the system's instructions").map((text) => ({ text })) },
    tools: functions.length === 0 ? undefined : [{ functionDeclarations: functions }],
    toolConfig: choiceOf(toolChoice),
    generationConfig: Object.keys(config).length === 0 ? undefined : config,
  });
};
