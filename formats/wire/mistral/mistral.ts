import { GEN_AI } from "../../../core/attributes.ts";
import type { JsonObject } from "../../json/json-object.ts";
import { textOf } from "../../json/read-json.ts";
import { openaiChat } from "../openai/openai-chat.ts";
import { readParameters } from "../openai/openai-parameters.ts";
import type { RequestFacts } from "../request-facts.ts";
import { pathEndsIn } from "../url-path.ts";
import type { WireFormat } from "../wire-format.ts";

const withSeed = (facts: RequestFacts, body: JsonObject): RequestFacts =>
  typeof body.random_seed === "number"
    ? { ...facts, attributes: { ...facts.attributes, [GEN_AI.requestSeed]: body.random_seed } }
    : facts;

const readFim = (body: JsonObject): RequestFacts | null => {
  const model = textOf(body.model);
  if (model === "" || typeof body.prompt !== "string") return null;
  const attributes = { [GEN_AI.outputType]: "text", ...readParameters(body) };
  return { operation: "text_completion", model, asked: { json: false, tools: [] }, attributes };
};

const readRequest: WireFormat["readRequest"] = (body, url) => {
  const facts = pathEndsIn(url, "/fim/completions") ? readFim(body) : openaiChat.readRequest(body, url);
  return facts && withSeed(facts, body);
};

/**
 * Mistral's chat at its own host, and its fill-in-the-middle completions anywhere: OpenAI's chat completions but for
 * the name of the seed and the request of the latter. At other hosts its chat cannot be told from OpenAI's.
 */
export const mistral: WireFormat = {
  ...openaiChat,
  name: "mistral",
  provider: "mistral_ai",
  matches: (url) =>
    pathEndsIn(url, "/fim/completions") || (url.hostname === "api.mistral.ai" && pathEndsIn(url, "/chat/completions")),
  readRequest,
};
