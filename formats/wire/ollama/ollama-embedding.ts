import type { JsonObject } from "../../json/json-object.ts";
import { parseObject, textOf } from "../../json/read-json.ts";
import type { AnswerFacts } from "../answer-facts.ts";
import { readError } from "../read-error.ts";
import { ollamaUsage } from "./ollama-fold.ts";

/** Vectors are megabytes of digits: of a longer body only the head and the tail are looked at. */
const PARSED_CHARS = 64 * 1024;
const EDGE_CHARS = 1024;

const MODEL = /"model"\s{0,4}:\s{0,4}"([^"\\]{1,128})"/;
const COUNT = /"prompt_eval_count"\s{0,4}:\s{0,4}(\d{1,12})/;

/** The members that are not vectors, of a long body. */
const readEdges = (text: string): JsonObject => {
  const edges = `${text.slice(0, EDGE_CHARS)}\n${text.slice(-EDGE_CHARS)}`;
  const count = COUNT.exec(edges)?.[1];
  return {
    ...{ embeddings: /"embeddings"/.test(edges) ? [] : undefined, model: MODEL.exec(edges)?.[1] },
    prompt_eval_count: count === undefined ? undefined : Number(count),
  };
};

/** Reads the answer of `/api/embed`; null when it is none. */
export const readOllamaEmbedding = (text: string): AnswerFacts | null => {
  const body = text.length > PARSED_CHARS ? readEdges(text) : parseObject(text);
  if (body === null) return null;
  const error = readError(body.error);
  return {
    ...{ id: "", model: textOf(body.model), fingerprint: "", usage: ollamaUsage(body) },
    ...{ finishReasons: [], answer: null, error },
    complete: error === null && Array.isArray(body.embeddings),
  };
};
