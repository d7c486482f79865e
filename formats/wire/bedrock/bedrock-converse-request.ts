import { GEN_AI } from "../../../core/attributes.ts";
import type { AskedFor } from "../../../features/answer.ts";
import { isRecord } from "../../../features/is-record.ts";
import { listOf, objectOf, parseObject, textOf } from "../../json/read-json.ts";
import { numberParameters } from "../number-parameters.ts";
import type { RequestFacts } from "../request-facts.ts";
import type { JsonObject } from "../wire-format.ts";

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
  const specs = listOf(tools)
    .map((tool) => objectOf(objectOf(tool).toolSpec))
    .filter(({ name }) => textOf(name) !== "");
  const schemas = specs.map((spec): [string, unknown] => [textOf(spec.name), objectOf(spec.inputSchema).json]);
  const schema = schemaOf(body);
  return {
    ...{ json: schema !== null, schema },
    tools: specs.map(({ name }) => textOf(name)),
    toolSchemas: new Map(schemas.filter(([, found]) => isRecord(found))),
    toolRequired: isRecord(objectOf(toolChoice).any) || isRecord(objectOf(toolChoice).tool),
  };
};

const inputParts = (messages: readonly unknown[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const block of messages.flatMap((message) => listOf(objectOf(message).content))) {
    const modality = MODALITIES.find((name) => objectOf(block)[name] !== undefined);
    if (modality !== undefined) counts[modality] = (counts[modality] ?? 0) + 1;
  }
  return counts;
};

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
