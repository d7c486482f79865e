import { GEN_AI } from "../../../core/attributes.ts";
import type { AskedFor } from "../../../features/answer.ts";
import { isRecord } from "../../../features/is-record.ts";
import type { JsonObject } from "../../json/json-object.ts";
import { listOf, objectOf, textOf, wordOf } from "../../json/read-json.ts";
import { countInputParts, countModalities } from "../input-parts.ts";
import { numberParameters } from "../number-parameters.ts";
import { readTools } from "../openai/openai-tools.ts";
import type { RequestAttribute, RequestFacts } from "../request-facts.ts";

const NUMBERS = {
  temperature: GEN_AI.requestTemperature,
  top_p: GEN_AI.requestTopP,
  top_k: GEN_AI.requestTopK,
  seed: GEN_AI.requestSeed,
  frequency_penalty: GEN_AI.requestFrequencyPenalty,
  presence_penalty: GEN_AI.requestPresencePenalty,
};

/** Everything Ollama takes. Its paths are an app's own as well, whose bodies have other members. */
const MEMBERS = new Set([
  ...["model", "messages", "prompt", "suffix", "images", "system", "template", "context", "raw", "input"],
  ...["tools", "format", "options", "stream", "keep_alive", "think", "logprobs", "top_logprobs", "truncate", "shift"],
  "dimensions",
]);

/** Its own port, and its own cloud. */
const isOllamas = ({ port, hostname }: URL): boolean => port === "11434" || `.${hostname}`.endsWith(".ollama.com");

/** Whether a body is Ollama's: by its address, or because nothing is in it that Ollama does not know. */
const isOllamaRequest = (body: JsonObject, url: URL): boolean =>
  textOf(body.model) !== "" && (isOllamas(url) || Object.keys(body).every((name) => MEMBERS.has(name)));

/** `json`, or the schema itself. */
const jsonAsked = (format: unknown): Pick<AskedFor, "json" | "schema"> => ({
  json: isRecord(format) || format === "json",
  schema: isRecord(format) ? format : null,
});

const readParameters = (body: JsonObject): Record<string, RequestAttribute> => {
  const options = objectOf(body.options);
  const { num_predict: most } = options;
  const level = wordOf(body.think);
  return {
    ...numberParameters(options, NUMBERS),
    // Below 0: without a limit.
    ...(typeof most === "number" && most >= 0 && { [GEN_AI.requestMaxTokens]: most }),
    ...(level !== "" && { [GEN_AI.requestReasoningLevel]: level }),
    // It streams unless told not to.
    ...(body.stream !== false && { [GEN_AI.requestStream]: true }),
  };
};

const factsOf = (
  operation: string,
  body: JsonObject,
  asked: AskedFor,
  images: number,
  parts: RequestFacts["inputParts"] = {},
): RequestFacts => ({
  ...{ operation, model: textOf(body.model), asked },
  attributes: { [GEN_AI.outputType]: asked.json ? "json" : "text", ...readParameters(body) },
  inputParts: { ...parts, ...countModalities(Array.from({ length: images }, () => "image")) },
});

const imagesIn = (holder: unknown): number => listOf(objectOf(holder).images).length;

/** A message as Ollama writes it: a text, with images beside it. Those of UIs come in `parts`. */
const isMessage = (message: unknown): boolean =>
  isRecord(message) && typeof message.role === "string" && !("parts" in message);

/** Reads the body of `/api/chat`; null when it is none. Without messages it loads a model, or unloads it. */
export const readOllamaChat = (body: JsonObject, url: URL): RequestFacts | null => {
  const messages = listOf(body.messages);
  if (!isOllamaRequest(body, url) || messages.length === 0 || !messages.every(isMessage)) return null;
  const asked: AskedFor = { ...jsonAsked(body.format), ...readTools({ tools: body.tools }) };
  const images = messages.reduce<number>((sum, message) => sum + imagesIn(message), 0);
  return factsOf("chat", body, asked, images, countInputParts(messages));
};

/** Reads the body of `/api/generate`; null when it is none. Without a prompt it loads a model, or unloads it. */
export const readOllamaGenerate = (body: JsonObject, url: URL): RequestFacts | null =>
  isOllamaRequest(body, url) && textOf(body.prompt) !== ""
    ? factsOf("text_completion", body, { ...jsonAsked(body.format), tools: [] }, imagesIn(body))
    : null;

/** Reads the body of `/api/embed`; null when it is none. */
export const readOllamaEmbed = (body: JsonObject, url: URL): RequestFacts | null =>
  isOllamaRequest(body, url) && body.input !== undefined
    ? {
        ...{ operation: "embeddings", model: textOf(body.model), asked: { json: false, tools: [] } },
        attributes: numberParameters(body, { dimensions: GEN_AI.embeddingsDimensionCount }),
      }
    : null;
