import { GEN_AI, OPENAI } from "../../../core/attributes.ts";
import type { JsonObject } from "../../json/json-object.ts";
import { objectOf, wordOf } from "../../json/read-json.ts";
import { putKnown } from "../../put-known.ts";
import type { RequestAttribute } from "../request-facts.ts";
import { modelInPath } from "../url-path.ts";

const NUMBERS: readonly (readonly [parameter: string, attribute: string])[] = Object.entries({
  temperature: GEN_AI.requestTemperature,
  top_p: GEN_AI.requestTopP,
  top_k: GEN_AI.requestTopK,
  max_tokens: GEN_AI.requestMaxTokens,
  max_completion_tokens: GEN_AI.requestMaxTokens,
  max_output_tokens: GEN_AI.requestMaxTokens,
  seed: GEN_AI.requestSeed,
  frequency_penalty: GEN_AI.requestFrequencyPenalty,
  presence_penalty: GEN_AI.requestPresencePenalty,
  dimensions: GEN_AI.embeddingsDimensionCount,
});

/**
 * The parameters that OpenAI's endpoints share, as span attributes. Stop sequences, users and metadata are content and
 * left out.
 */
export const readParameters = (body: JsonObject): Record<string, RequestAttribute> => {
  const found: Record<string, RequestAttribute> = {};
  for (const [parameter, attribute] of NUMBERS) {
    const value = body[parameter];
    if (typeof value === "number") found[attribute] = value;
  }
  putKnown(
    found,
    GEN_AI.requestReasoningLevel,
    wordOf(body.reasoning_effort) || wordOf(objectOf(body.reasoning).effort),
  );
  putKnown(found, GEN_AI.requestPreviousResponseId, wordOf(body.previous_response_id));
  putKnown(found, OPENAI.requestServiceTier, wordOf(body.service_tier));
  if (body.stream === true) found[GEN_AI.requestStream] = true;
  if (typeof body.n === "number" && body.n !== 1) found[GEN_AI.requestChoiceCount] = body.n;
  return found;
};

/** Azure names the deployment in the path; bodies may then come without a model. Empty when there is neither. */
export const modelOf = (body: JsonObject, url: URL): string =>
  typeof body.model === "string" ? body.model : modelInPath(url, /\/deployments\/([^/]+)\//);
