import { cannotSay } from "./cannot-say.ts";
import { known } from "./parts.ts";
import type { Say } from "./say.ts";
import { chatMessages, chatTools } from "./say-openai-chat.ts";

/** Cohere's chat, version 2. */
export const sayCohere: Say = (question, model) => {
  const { temperature, topP, maxTokens, stop, seed, json, toolChoice } = question.parameters;
  if (typeof toolChoice === "object") cannotSay("a tool that has to be called");
  const schema = typeof json === "object" ? { schema: json.schema } : {};
  return known({
    // Told, as without it the answer comes whole today and may not tomorrow.
    ...{ model, stream: false, messages: chatMessages(question), tools: chatTools(question) },
    ...{ temperature, p: topP, max_tokens: maxTokens, stop_sequences: stop, seed },
    response_format: json === undefined ? undefined : { type: "json_object", ...schema },
    tool_choice: toolChoice === "required" || toolChoice === "none" ? toolChoice.toUpperCase() : undefined,
  });
};
