import { GEN_AI } from "../../../core/attributes.ts";
import type { AskedFor } from "../../../features/answer.ts";
import { isRecord } from "../../../features/is-record.ts";
import type { JsonObject } from "../../json/json-object.ts";
import { listOf, objectOf, parseObject, textOf } from "../../json/read-json.ts";
import { offeredTools } from "../../tools/offered-tools.ts";
import { readTool } from "../../tools/read-tool.ts";
import { countModalities } from "../input-parts.ts";
import { numberParameters } from "../number-parameters.ts";
import type { RequestFacts } from "../request-facts.ts";

const NUMBERS = {
  maxTokens: GEN_AI.requestMaxTokens,
  temperature: GEN_AI.requestTemperature,
  topP: GEN_AI.requestTopP,
};

const MODALITIES = ["image", "audio", "video", "document"];

/** The schema of a structured answer; it is sent as text. */
const schemaOf = (body: JsonObject): unknown => {
  const { type, structure } = objectOf(objectOf(body.outputConfig).textFormat);
  return type === "json_schema" ? parseObject(textOf(objectOf(objectOf(structure).jsonSchema).schema)) : null;
};

const askedFor = (body: JsonObject): AskedFor => {
  const { tools, toolChoice } = objectOf(body.toolConfig);
  const specs = listOf(tools).map(readTool);
  const schema = schemaOf(body);
  return {
    ...{ json: schema !== null, schema },
    ...offeredTools(specs.map((spec) => ({ name: spec.name, schema: objectOf(spec.schema).json }))),
    toolRequired: isRecord(objectOf(toolChoice).any) || isRecord(objectOf(toolChoice).tool),
  };
};

const inputParts = (messages: readonly unknown[]): Readonly<Record<string, number>> =>
  countModalities(
    messages
      .flatMap((message) => listOf(objectOf(message).content))
      .map((block) => MODALITIES.find((name) => objectOf(block)[name] !== undefined)),
  );

/** Reads a Converse request: its JSON, or the AWS SDK's input, which has the same shape. Null when it is none. */
export const readConverseRequest = (body: JsonObject, model: string, streamed: boolean): RequestFacts | null => {
  if (model === "" || !Array.isArray(body.messages)) return null;
  const asked = askedFor(body);
  return {
    ...{ operation: "chat", model, asked },
    attributes: {
      [GEN_AI.outputType]: asked.json ? "json" : "text",
      ...numberParameters(objectOf(body.inferenceConfig), NUMBERS),
      ...(streamed && { [GEN_AI.requestStream]: true }),
    },
    inputParts: inputParts(body.messages),
  };
};
