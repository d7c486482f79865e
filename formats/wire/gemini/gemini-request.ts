import { GEN_AI } from "../../../core/attributes.ts";
import type { AskedFor } from "../../../features/answer.ts";
import { isRecord } from "../../../features/is-record.ts";
import type { JsonObject } from "../../json/json-object.ts";
import { listOf, objectOf, textOf } from "../../json/read-json.ts";
import { offeredTools } from "../../tools/offered-tools.ts";
import { countModalities } from "../input-parts.ts";
import { numberParameters } from "../number-parameters.ts";
import type { RequestFacts } from "../request-facts.ts";
import { geminiSchema } from "./gemini-schema.ts";

const NUMBERS = {
  maxOutputTokens: GEN_AI.requestMaxTokens,
  temperature: GEN_AI.requestTemperature,
  topP: GEN_AI.requestTopP,
  topK: GEN_AI.requestTopK,
  seed: GEN_AI.requestSeed,
  frequencyPenalty: GEN_AI.requestFrequencyPenalty,
  presencePenalty: GEN_AI.requestPresencePenalty,
};

const askedFor = (body: JsonObject, config: JsonObject): AskedFor => {
  const declarations = listOf(body.tools)
    .flatMap((tool) => listOf(objectOf(tool).functionDeclarations))
    .map(objectOf);
  const schemaOf = ({ parametersJsonSchema, parameters }: JsonObject): unknown =>
    parametersJsonSchema ?? geminiSchema(parameters);
  return {
    json: config.responseMimeType === "application/json",
    schema: config.responseJsonSchema ?? geminiSchema(config.responseSchema) ?? null,
    ...offeredTools(declarations.map((tool) => ({ name: textOf(tool.name), schema: schemaOf(tool) }))),
    toolRequired: objectOf(objectOf(body.toolConfig).functionCallingConfig).mode === "ANY",
  };
};

const modalityOf = (part: unknown): string | undefined => {
  const { inlineData, fileData } = objectOf(part);
  if (!isRecord(inlineData ?? fileData)) return undefined;
  const [kind = ""] = textOf(objectOf(inlineData ?? fileData).mimeType).split("/");
  return ["image", "audio", "video"].includes(kind) ? kind : "file";
};

const inputParts = (contents: readonly unknown[]): Readonly<Record<string, number>> =>
  countModalities(contents.flatMap((content) => listOf(objectOf(content).parts)).map(modalityOf));

/** Reads the body of a `generateContent` request; null when it is none. Numbers are taken from `generationConfig`. */
export const readGeminiRequest = (body: JsonObject, model: string, streamed: boolean): RequestFacts | null => {
  // REST users may send a single content instead of a list.
  const contents = Array.isArray(body.contents) ? body.contents : isRecord(body.contents) ? [body.contents] : [];
  if (model === "" || contents.length === 0) return null;
  const config = objectOf(body.generationConfig);
  const asked = askedFor(body, config);
  const { candidateCount } = config;
  return {
    ...{ operation: "generate_content", model, asked },
    attributes: {
      [GEN_AI.outputType]: asked.json ? "json" : "text",
      ...numberParameters(config, NUMBERS),
      ...(typeof candidateCount === "number" &&
        candidateCount !== 1 && { [GEN_AI.requestChoiceCount]: candidateCount }),
      ...(streamed && { [GEN_AI.requestStream]: true }),
    },
    inputParts: inputParts(contents),
  };
};
