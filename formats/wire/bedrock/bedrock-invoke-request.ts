import { GEN_AI } from "../../../core/attributes.ts";
import type { JsonObject } from "../../json/json-object.ts";
import { objectOf } from "../../json/read-json.ts";
import { readAnthropicRequest } from "../anthropic/anthropic-request.ts";
import { numberParameters } from "../number-parameters.ts";
import { openaiChat } from "../openai/openai-chat.ts";
import type { RequestFacts } from "../request-facts.ts";
import { readConverseRequest } from "./bedrock-converse-request.ts";

/** Models whose answers are no text: images, speech, rankings. */
const OTHER_OUTPUT = /stability\.|canvas|reel|image|rerank|sonic|polly/;

const NUMBERS = {
  max_tokens: GEN_AI.requestMaxTokens,
  max_gen_len: GEN_AI.requestMaxTokens,
  maxTokenCount: GEN_AI.requestMaxTokens,
  temperature: GEN_AI.requestTemperature,
  top_p: GEN_AI.requestTopP,
  topP: GEN_AI.requestTopP,
  p: GEN_AI.requestTopP,
  top_k: GEN_AI.requestTopK,
  k: GEN_AI.requestTopK,
};

const isPrompt = ({ prompt, inputText, message }: JsonObject): boolean =>
  [prompt, inputText, message].some((text) => typeof text === "string");

const readPrompt = (body: JsonObject, model: string): RequestFacts | null => {
  const embeds = model.includes("embed");
  if (!embeds && !isPrompt(body)) return null;
  const parameters = { ...body, ...objectOf(body.textGenerationConfig) };
  const operation = embeds ? "embeddings" : typeof body.message === "string" ? "chat" : "text_completion";
  const asked = { json: false, tools: [] };
  const attributes = { ...(!embeds && { [GEN_AI.outputType]: "text" }), ...numberParameters(parameters, NUMBERS) };
  return { operation, model, asked, attributes };
};

const readMessages = (body: JsonObject, model: string, url: URL): RequestFacts | null => {
  if (body.anthropic_version !== undefined) return readAnthropicRequest(body, model);
  if (body.inferenceConfig !== undefined || body.schemaVersion !== undefined) {
    return readConverseRequest(body, model, false);
  }
  return openaiChat.readRequest({ ...body, model }, url);
};

/**
 * Reads the body of InvokeModel, which every model family writes in its own way: Anthropic's messages, Nova's (those
 * of Converse), chat completions, or a prompt with parameters. Null for bodies and models that are none of these.
 */
export const readInvokeRequest = (
  body: JsonObject,
  model: string,
  url: URL,
  streamed: boolean,
): RequestFacts | null => {
  if (model === "" || OTHER_OUTPUT.test(model)) return null;
  const facts = Array.isArray(body.messages) ? readMessages(body, model, url) : readPrompt(body, model);
  if (facts === null || !streamed) return facts;
  return { ...facts, attributes: { ...facts.attributes, [GEN_AI.requestStream]: true } };
};
