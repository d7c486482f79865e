import { GEN_AI } from "../../../core/attributes.ts";
import type { JsonObject } from "../../json/json-object.ts";
import { objectOf, parseObject, textOf } from "../../json/read-json.ts";
import { countInputParts } from "../input-parts.ts";
import { numberParameters } from "../number-parameters.ts";
import { readTools } from "../openai/openai-tools.ts";
import type { RequestFacts } from "../request-facts.ts";
import { pathEndsIn } from "../url-path.ts";
import type { WireFormat } from "../wire-format.ts";
import { createCohereFold, readCohereAnswer } from "./cohere-fold.ts";

const NUMBERS = {
  max_tokens: GEN_AI.requestMaxTokens,
  temperature: GEN_AI.requestTemperature,
  p: GEN_AI.requestTopP,
  k: GEN_AI.requestTopK,
  seed: GEN_AI.requestSeed,
  frequency_penalty: GEN_AI.requestFrequencyPenalty,
  presence_penalty: GEN_AI.requestPresencePenalty,
};

const readRequest = (body: JsonObject): RequestFacts | null => {
  const model = textOf(body.model);
  if (model === "" || !Array.isArray(body.messages)) return null;
  const { type, json_schema } = objectOf(body.response_format);
  const json = type === "json_object";
  return {
    ...{ operation: "chat", model },
    asked: {
      ...{ json, schema: json ? (json_schema ?? null) : null },
      ...readTools({ tools: body.tools, tool_choice: textOf(body.tool_choice).toLowerCase() }),
    },
    attributes: {
      [GEN_AI.outputType]: json ? "json" : "text",
      ...numberParameters(body, NUMBERS),
      ...(body.stream === true && { [GEN_AI.requestStream]: true }),
    },
    inputParts: countInputParts(body.messages),
  };
};

/** Cohere's chat, version 2. Its answers name no model. The plan before tool calls is no part of the answer's text. */
export const cohereChat: WireFormat = {
  name: "cohere.chat",
  provider: "cohere",
  matches: (url) => pathEndsIn(url, "/v2/chat"),
  readRequest,
  requestContent: { input: ["messages"] },
  readAnswer: (text) => {
    const body = parseObject(text);
    return body && readCohereAnswer(body);
  },
  createFold: createCohereFold,
  content: /"(?:text|thinking|tool_plan)"\s{0,4}:\s{0,4}"[^"]|"tool-call-start"/,
};
