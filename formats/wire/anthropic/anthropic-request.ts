import { GEN_AI } from "../../../core/attributes.ts";
import type { AskedFor } from "../../../features/answer.ts";
import { isRecord } from "../../../features/is-record.ts";
import { listOf, objectOf, textOf } from "../../json/read-json.ts";
import { countInputParts } from "../input-parts.ts";
import { numberParameters } from "../number-parameters.ts";
import type { RequestFacts } from "../request-facts.ts";
import type { JsonObject } from "../wire-format.ts";

const NUMBERS = {
  max_tokens: GEN_AI.requestMaxTokens,
  temperature: GEN_AI.requestTemperature,
  top_p: GEN_AI.requestTopP,
  top_k: GEN_AI.requestTopK,
};

const askedFor = (body: JsonObject): AskedFor => {
  // `output_format` is the name it had as a beta.
  const format = objectOf(objectOf(body.output_config).format ?? body.output_format);
  const tools = listOf(body.tools)
    .map(objectOf)
    .filter(({ name }) => textOf(name) !== "");
  const choice = objectOf(body.tool_choice).type;
  return {
    json: format.type === "json_schema",
    schema: format.type === "json_schema" ? (format.schema ?? null) : null,
    tools: tools.map(({ name }) => textOf(name)),
    // The provider's own tools (web search, …) have no schema.
    toolSchemas: new Map(
      tools.flatMap(({ name, input_schema }) => (isRecord(input_schema) ? [[textOf(name), input_schema]] : [])),
    ),
    toolRequired: choice === "any" || choice === "tool",
  };
};

/** Reads the body of a request to the messages API, given the model where the body does not name it; null for others. */
export const readAnthropicRequest = (body: JsonObject, modelInPath: string): RequestFacts | null => {
  const model = textOf(body.model) || modelInPath;
  if (model === "" || !Array.isArray(body.messages) || typeof body.max_tokens !== "number") return null;
  const asked = askedFor(body);
  const effort = textOf(objectOf(body.output_config).effort);
  return {
    ...{ operation: "chat", model, asked },
    attributes: {
      [GEN_AI.outputType]: asked.json ? "json" : "text",
      ...numberParameters(body, NUMBERS),
      ...(/^[\w-]{1,32}$/.test(effort) && { [GEN_AI.requestReasoningLevel]: effort }),
      ...(body.stream === true && { [GEN_AI.requestStream]: true }),
    },
    inputParts: countInputParts(body.messages),
  };
};
