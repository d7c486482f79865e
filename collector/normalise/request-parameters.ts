import { GEN_AI } from "../../core/attributes.ts";
import type { Attributes, AttributeValue } from "../../formats/dialects/read/attributes.ts";

/** What changes how a model answers. A seed or the id of an earlier answer differs from call to call. */
const PARAMETERS: readonly (readonly [name: string, attribute: string])[] = [
  ["frequency_penalty", GEN_AI.requestFrequencyPenalty],
  ["max_tokens", GEN_AI.requestMaxTokens],
  ["presence_penalty", GEN_AI.requestPresencePenalty],
  ["reasoning", GEN_AI.requestReasoningLevel],
  ["temperature", GEN_AI.requestTemperature],
  ["top_k", GEN_AI.requestTopK],
  ["top_p", GEN_AI.requestTopP],
];

/** Words an API defines; anything else in their place could be content. */
const WORD = /^[\w.-]{1,32}$/;

const textOf = (value: AttributeValue | undefined): string => {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  return typeof value === "string" && WORD.test(value) ? value : "";
};

/** The parameters of a request, `temperature=0.2 top_p=0.9`, sorted by name; empty where the span tells of none. */
export const requestParameters = (attributes: Attributes): string =>
  PARAMETERS.flatMap(([name, attribute]) => {
    const text = textOf(attributes.get(attribute));
    return text === "" ? [] : [`${name}=${text}`];
  }).join(" ");
