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
      return { type: "text", text: part.content };
    case "tool_call":
      return { type: "tool_use", id: part.id, name: part.name, input: argumentsOf(part) };
    case "tool_call_response":
      return { type: "tool_result", tool_use_id: part.id, content: part.response };
    case "uri":
      return part.modality === "image"
        ? { type: "image", source: { type: "url", url: part.uri } }
        : cannotSay(`a link to ${part.modality}`);
    default:
      return unreachable(part);
  }
};

const CHOICES = { auto: "auto", none: "none", required: "any" } as const;

const choiceOf = (choice: QuestionParameters["toolChoice"]): JsonObject | undefined => {
  if (choice === undefined) return undefined;
  return typeof choice === "object" ? { type: "tool", ...choice } : { type: CHOICES[choice] };
};

/** Anthropic's Messages. */
export const sayAnthropic: Say = ({ system, messages, tools, parameters }, model) => {
  const { temperature, topP, maxTokens, stop, seed, json, toolChoice } = parameters;
  if (seed !== undefined) cannotSay("a seed");
  if (json !== undefined) cannotSay("a response format");
  return known({
    ...{ model, messages: turnsOf(messages, block), temperature, top_p: topP, stop_sequences: stop },
    max_tokens: maxTokens ?? cannotSay("a request without max_tokens (--max-tokens gives one)"),
    system:
      system.length === 0
        ? undefined
        : textsOf(system, "the system's instructions").map((text) => ({ type: "text", text })),
    tools:
      tools.length === 0
        ? undefined
        : functionsOf(tools).map((tool) =>
            known({ name: tool.name, description: tool.description, input_schema: schemaOf(tool) }),
          ),
    tool_choice: choiceOf(toolChoice),
  });
};
