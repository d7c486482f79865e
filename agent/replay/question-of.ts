import { unreachable } from "../../core/exhaustive.ts";
import type { JsonObject } from "../../formats/json/json-object.ts";
import { textOrJson } from "../../formats/json/text-or-json.ts";
import type { Question, QuestionParameters } from "../../formats/questions/question.ts";
import type { Message, Part, ToolDefinition } from "../../formats/wire/content/message.ts";
import { mediaPart } from "../../formats/wire/content/part.ts";
import type { CorpusMessage, CorpusPart, CorpusRequest, CorpusTool } from "./corpus-line.ts";

/** What a request may hold that no question has a place for; asked without it, it would be another question. */
const UNSAYABLE = [
  ...["frequency_penalty", "presence_penalty", "logit_bias", "logprobs", "top_logprobs", "top_k", "reasoning_effort"],
  ...["reasoning", "thinking", "parallel_tool_calls", "modalities", "audio", "prediction", "service_tier", "functions"],
  ...["function_call", "web_search_options", "verbosity", "text", "input", "instructions"],
] as const;

const partOf = (part: CorpusPart): Part => {
  switch (part.type) {
    case "text":
      return { type: "text", content: part.text ?? part.content ?? "" };
    case "image_url":
      return mediaPart("image", typeof part.image_url === "string" ? part.image_url : part.image_url.url);
    case "uri":
      return part;
    case "tool_call":
      return {
        ...known({ id: part.id }),
        type: part.type,
        name: part.name,
        arguments: textOrJson(part.arguments ?? "{}"),
      };
    case "tool_call_response":
      return { ...known({ id: part.id }), type: part.type, response: textOrJson(part.response) };
    case "reasoning":
    case "blob":
      return part.type === "reasoning" ? { type: part.type, content: "" } : { type: part.type, modality: "file" };
    default:
      return unreachable(part);
  }
};

const known = <T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], null | undefined> } =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== null)) as {
    [K in keyof T]?: Exclude<T[K], null | undefined>;
  };

const ROLES: Readonly<Partial<Record<CorpusMessage["role"], string>>> = { developer: "system", model: "assistant" };

const messageOf = ({ role, content, parts, tool_calls: calls, tool_call_id: id }: CorpusMessage): Message => {
  const given = parts ?? (typeof content === "string" ? [{ type: "text", text: content } as const] : (content ?? []));
  const said = given.map(partOf);
  if (role === "tool" && parts === undefined) {
    const text = said.map((part) => (part.type === "text" ? part.content : "")).join("");
    return { role, parts: [{ type: "tool_call_response", response: text, ...known({ id }) }] };
  }
  const called = (calls ?? []).map(
    (call): Part => ({
      ...{ type: "tool_call", name: call.function.name, arguments: textOrJson(call.function.arguments ?? "{}") },
      ...known({ id: call.id }),
    }),
  );
  return { role: ROLES[role] ?? role, parts: [...said, ...called] };
};

const toolOf = (tool: CorpusTool): ToolDefinition => {
  const { name, description, parameters } = "function" in tool ? tool.function : tool;
  return {
    ...{ type: "function", name },
    ...known({ description, parameters: parameters === undefined ? undefined : textOrJson(parameters) }),
  };
};

const jsonOf = (format: CorpusRequest["response_format"]): QuestionParameters["json"] | undefined => {
  if (format?.type === "json_object") return "object";
  return format?.type === "json_schema"
    ? { name: format.json_schema.name, schema: format.json_schema.schema }
    : undefined;
};

const parametersOf = (request: CorpusRequest): QuestionParameters => {
  const { temperature, top_p: topP, max_tokens: most, max_completion_tokens: mostNow, stop, seed } = request;
  const { tool_choice: choice, response_format: format } = request;
  return known({
    ...{ temperature, topP, seed, maxTokens: mostNow ?? most, json: jsonOf(format) },
    stop: typeof stop === "string" ? [stop] : stop,
    toolChoice: typeof choice === "object" && choice !== null ? { name: choice.function.name } : choice,
  }) as QuestionParameters;
};

/** The question of a request whose messages are known, or what of it no question has a place for. */
export const questionOf = (request: CorpusRequest & JsonObject): Question | { readonly lost: string } => {
  const lost = UNSAYABLE.find((key) => request[key] !== undefined && request[key] !== null);
  if (lost !== undefined) return { lost };
  if (request.response_format?.type === "json_schema" && request.response_format.json_schema.strict === true) {
    // A strict schema is another promise, which each provider makes in its own way.
    return { lost: "response_format.json_schema.strict" };
  }
  const messages = (request.messages ?? []).map(messageOf);
  const first = messages.findIndex(({ role }) => role !== "system");
  const lead = first < 0 ? messages.length : first;
  const system: Part[] = request.system === undefined ? [] : [{ type: "text", content: request.system }];
  return {
    system: [...system, ...messages.slice(0, lead).flatMap(({ parts }) => parts)],
    messages: messages.slice(lead),
    tools: (request.tools ?? []).map(toolOf),
    parameters: parametersOf(request),
  };
};
