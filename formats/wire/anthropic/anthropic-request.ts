import { GEN_AI } from "../../../core/attributes.ts";
import type { AskedFor } from "../../../features/answer.ts";
import type { JsonObject } from "../../json/json-object.ts";
import { listOf, objectOf, textOf } from "../../json/read-json.ts";
import { offeredTools } from "../../tools/offered-tools.ts";
import { readTool } from "../../tools/read-tool.ts";
import { countInputParts } from "../input-parts.ts";
import { numberParameters } from "../number-parameters.ts";
import type { RequestFacts } from "../request-facts.ts";

const NUMBERS = {
  max_tokens: GEN_AI.requestMaxTokens,
  temperature: GEN_AI.requestTemperature,
  top_p: GEN_AI.requestTopP,
  top_k: GEN_AI.requestTopK,
};

const askedFor = (body: JsonObject): AskedFor => {
  // `output_format` is the name it had as a beta.
  const format = objectOf(objectOf(body.output_config).format ?? body.output_format);
  const choice = objectOf(body.tool_choice).type;
  return {
    json: format.type === "json_schema",
    schema: format.type === "json_schema" ? (format.schema ?? null) : null,
    // The provider's own tools (web search, …) have no schema.
    ...offeredTools(listOf(body.tools).map(readTool)),
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
