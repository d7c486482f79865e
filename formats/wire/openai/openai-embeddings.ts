import { GEN_AI } from "../../../core/attributes.ts";
import type { JsonObject } from "../../json/json-object.ts";
import { parseObject, textOf } from "../../json/read-json.ts";
import type { AnswerFacts } from "../answer-facts.ts";
import { readError } from "../read-error.ts";
import type { RequestFacts } from "../request-facts.ts";
import { pathEndsIn } from "../url-path.ts";
import type { WireFormat } from "../wire-format.ts";
import { createChatFold } from "./openai-chat-fold.ts";
import { modelOf, readParameters } from "./openai-parameters.ts";
import { readUsage } from "./openai-usage.ts";

const readRequest = (body: JsonObject, url: URL): RequestFacts | null => {
  const model = modelOf(body, url);
  if (model === "" || body.input === undefined) return null;
  const encoding = textOf(body.encoding_format);
  return {
    ...{ operation: "embeddings", model, asked: { json: false, tools: [] } },
    attributes: {
      ...readParameters(body),
      ...(/^\w{1,16}$/.test(encoding) ? { [GEN_AI.requestEncodingFormats]: [encoding] } : {}),
    },
  };
};

/** Vectors are megabytes of digits: a body longer than this is looked at in its head and tail only. */
const PARSED_CHARS = 64 * 1024;
const EDGE_CHARS = 1024;

const VECTORS = /"data"\s{0,4}:\s{0,4}\[/;
const MODEL = /"model"\s{0,4}:\s{0,4}"([^"\\]{1,128})"/;
const USAGE = /"usage"\s{0,4}:\s{0,4}(\{[^{}]{0,256}\})/;

/** The members that are not vectors, of a long body. */
const readEdges = (text: string): JsonObject => {
  const edges = `${text.slice(0, EDGE_CHARS)}\n${text.slice(-EDGE_CHARS)}`;
  return {
    data: VECTORS.test(edges) ? [] : undefined,
    model: MODEL.exec(edges)?.[1],
    usage: parseObject(USAGE.exec(edges)?.[1] ?? ""),
  };
};

const readAnswer = (text: string): AnswerFacts | null => {
  const body = text.length > PARSED_CHARS ? readEdges(text) : parseObject(text);
  if (body === null) return null;
  const error = readError(body.error);
  return {
    ...{ id: "", model: textOf(body.model), fingerprint: "", usage: readUsage(body.usage, textOf(body.model)) },
    ...{ finishReasons: [], answer: null, error },
    complete: error === null && Array.isArray(body.data),
  };
};

/** OpenAI's embeddings. They are not streamed, and the vectors are not looked at. */
export const openaiEmbeddings: WireFormat = {
  name: "openai.embeddings",
  provider: "openai",
  matches: (url) => pathEndsIn(url, "/embeddings"),
  readRequest,
  requestContent: { input: ["input"] },
  readAnswer,
  createFold: createChatFold,
  content: /"embedding"/,
};
