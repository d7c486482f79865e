import { GEN_AI, OPENAI } from "../../../core/attributes.ts";
import type { Answer, AskedFor } from "../../../features/answer.ts";
import type { JsonObject } from "../../json/json-object.ts";
import { listOf, objectOf, parseObject, textOf } from "../../json/read-json.ts";
import type { AnswerFacts } from "../answer-facts.ts";
import { countInputParts } from "../input-parts.ts";
import { readError } from "../read-error.ts";
import type { RequestFacts } from "../request-facts.ts";
import { statedReason } from "../stated-reason.ts";
import { pathEndsIn } from "../url-path.ts";
import type { WireFormat } from "../wire-format.ts";
import { createChatFold } from "./openai-chat-fold.ts";
import { OPENAI_CHAT_CONTENT } from "./openai-content.ts";
import { readExtras } from "./openai-extras.ts";
import { readChoice } from "./openai-message.ts";
import { modelOf, readParameters } from "./openai-parameters.ts";
import { readTools } from "./openai-tools.ts";
import { readUsage } from "./openai-usage.ts";

const askedFor = (body: JsonObject): AskedFor => {
  const { type, json_schema } = objectOf(body.response_format);
  return {
    json: type === "json_object" || type === "json_schema",
    schema: objectOf(json_schema).schema ?? null,
    ...readTools(body),
  };
};

const readRequest = (body: JsonObject, url: URL): RequestFacts | null => {
  const model = modelOf(body, url);
  if (model === "" || !Array.isArray(body.messages)) return null;
  const asked = askedFor(body);
  return {
    ...{ operation: "chat", model, asked },
    attributes: {
      [OPENAI.apiType]: "chat_completions",
      [GEN_AI.outputType]: asked.json ? "json" : "text",
      ...readParameters(body),
    },
    inputParts: countInputParts(body.messages),
  };
};

/** Reads the body of a plain completion, whose choices `readOne` reads; null when it is none. */
export const readCompletion = (text: string, readOne: (choice: unknown) => Answer | null): AnswerFacts | null => {
  const body = parseObject(text);
  if (body === null) return null;
  const choices = listOf(body.choices);
  const error = readError(body.error);
  return {
    id: textOf(body.id),
    model: textOf(body.model),
    fingerprint: textOf(body.system_fingerprint),
    finishReasons: choices.map((choice) => statedReason(objectOf(choice).finish_reason) || "error"),
    usage: readUsage(body.usage, textOf(body.model)),
    answer: readOne(choices[0]),
    complete: error === null && choices.length > 0,
    error,
    attributes: readExtras(body),
  };
};

/** OpenAI's chat completions, which nearly every provider, proxy and local server speaks as well. */
export const openaiChat: WireFormat = {
  name: "openai.chat_completions",
  provider: "openai",
  matches: (url) => pathEndsIn(url, "/chat/completions"),
  readRequest,
  requestContent: OPENAI_CHAT_CONTENT,
  readAnswer: (text) => readCompletion(text, readChoice),
  createFold: createChatFold,
  content:
    /"(?:content|refusal|reasoning_content|reasoning|text|transcript)"\s{0,4}:\s{0,4}"[^"]|"(?:tool_calls"\s{0,4}:\s{0,4}\[\s{0,4}\{|function_call"\s{0,4}:\s{0,4}\{)/,
};
