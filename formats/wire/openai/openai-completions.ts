import { OPENAI } from "../../../core/attributes.ts";
import type { Answer } from "../../../features/answer.ts";
import type { JsonObject } from "../../json/json-object.ts";
import { listOf, objectOf } from "../../json/read-json.ts";
import type { RequestFacts } from "../request-facts.ts";
import { statedReason } from "../stated-reason.ts";
import { pathEndsIn } from "../url-path.ts";
import type { WireFormat } from "../wire-format.ts";
import { readCompletion } from "./openai-chat.ts";
import { createChatFold } from "./openai-chat-fold.ts";
import { meanOf, readChoice } from "./openai-message.ts";
import { modelOf, readParameters } from "./openai-parameters.ts";

const readRequest = (body: JsonObject, url: URL): RequestFacts | null => {
  const model = modelOf(body, url);
  if (model === "" || body.prompt === undefined) return null;
  const attributes = { [OPENAI.apiType]: "completions", ...readParameters(body) };
  return { operation: "text_completion", model, asked: { json: false, tools: [] }, attributes };
};

const logprobsOf = (logprobs: unknown): readonly number[] =>
  listOf(objectOf(logprobs).token_logprobs).flatMap((value) =>
    typeof value === "number" && value <= 0 ? [value] : [],
  );

const readTextChoice = (choice: unknown): Answer | null => {
  const { text, finish_reason, logprobs } = objectOf(choice);
  if (typeof text !== "string") return readChoice(choice);
  const meanLogprob = meanOf(logprobsOf(logprobs));
  return {
    text,
    chars: text.length,
    refusal: null,
    finishReason: statedReason(finish_reason),
    toolCalls: [],
    meanLogprob,
  };
};

/** OpenAI's legacy completions, which local servers still speak, and completions in the middle of a text. */
export const openaiCompletions: WireFormat = {
  name: "openai.completions",
  provider: "openai",
  matches: (url) => pathEndsIn(url, "/completions"),
  readRequest,
  requestContent: { input: ["prompt"] },
  readAnswer: (text) => readCompletion(text, readTextChoice),
  createFold: createChatFold,
  content: /"(?:text|content)"\s{0,4}:\s{0,4}"[^"]/,
};
