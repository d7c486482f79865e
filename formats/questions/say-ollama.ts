import type { JsonObject } from "../json/json-object.ts";
import type { Message } from "../wire/content/message.ts";
import { cannotSay } from "./cannot-say.ts";
import { argumentsOf, known, namesById, sayable, textOf, withIds } from "./parts.ts";
import type { Say } from "./say.ts";
import { chatTools } from "./say-openai-chat.ts";

const sayMessage = ({ role, parts: all }: Message, names: ReadonlyMap<string, string>): readonly JsonObject[] => {
  const parts = sayable(all);
  const answers = parts.flatMap((part) =>
    part.type === "tool_call_response"
      ? [{ role: "tool", content: part.response, tool_name: names.get(part.id ?? "") ?? cannotSay("a tool's answer") }]
      : [],
  );
  const texts = parts.filter(({ type }) => type === "text" || type === "uri");
  const calls = parts.flatMap((part) =>
    part.type === "tool_call" ? [{ function: { name: part.name, arguments: argumentsOf(part) } }] : [],
  );
  if (texts.length === 0 && calls.length === 0) return answers;
  const own = known({ role, content: textOf(texts, "a message"), tool_calls: calls.length === 0 ? undefined : calls });
  return [...answers, own];
};

/** Ollama's own chat. */
export const sayOllama: Say = (question, model) => {
  const { system, messages: all, parameters } = question;
  const { temperature, topP, maxTokens, stop, seed, json, toolChoice } = parameters;
  if (toolChoice !== undefined && toolChoice !== "auto") cannotSay("whether a tool has to be called");
  const messages = withIds(all);
  const names = namesById(messages);
  const options = known({ temperature, top_p: topP, num_predict: maxTokens, stop, seed });
  return known({
    ...{ model, stream: false, tools: chatTools(question) },
    messages: [
      ...(system.length === 0 ? [] : [{ role: "system", content: textOf(system, "the system's instructions") }]),
      ...messages.flatMap((message) => sayMessage(message, names)),
    ],
    options: Object.keys(options).length === 0 ? undefined : options,
    format: typeof json === "object" ? json.schema : json === "object" ? "json" : undefined,
  });
};
