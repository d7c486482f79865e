import { GEN_AI, OPENAI } from "../../../core/attributes.ts";
import type { AskedFor } from "../../../features/answer.ts";
import type { JsonObject } from "../../json/json-object.ts";
import { objectOf, parseObject, textOf } from "../../json/read-json.ts";
import { countInputParts } from "../input-parts.ts";
import type { RequestFacts } from "../request-facts.ts";
import { pathEndsIn } from "../url-path.ts";
import type { WireFormat } from "../wire-format.ts";
import { OPENAI_RESPONSES_CONTENT } from "./openai-content.ts";
import { modelOf, readParameters } from "./openai-parameters.ts";
import { readResponse } from "./openai-response.ts";
import { createResponsesFold } from "./openai-responses-fold.ts";
import { readTools } from "./openai-tools.ts";

const askedFor = (body: JsonObject): AskedFor => {
  const { type, schema } = objectOf(objectOf(body.text).format);
  return { json: type === "json_object" || type === "json_schema", schema: schema ?? null, ...readTools(body) };
};

const conversationOf = ({ conversation }: JsonObject): string =>
  (textOf(conversation) || textOf(objectOf(conversation).id)).slice(0, 256);

/** The path is a common word, so that the body has to prove itself: a model or a stored prompt, and an input. */
const readRequest = (body: JsonObject, url: URL): RequestFacts | null => {
  // A stored prompt may name the model instead of the request.
  const stored = textOf(objectOf(body.prompt).id) !== "";
  const model = modelOf(body, url);
  const hasInput = typeof body.input === "string" || Array.isArray(body.input);
  if (!stored && (model === "" || !hasInput)) return null;
  const asked = askedFor(body);
  const conversation = conversationOf(body);
  return {
    ...{ operation: "chat", model, asked },
    attributes: {
      [OPENAI.apiType]: "responses",
      [GEN_AI.outputType]: asked.json ? "json" : "text",
      ...(conversation === "" ? {} : { [GEN_AI.conversation]: conversation }),
      ...readParameters(body),
    },
    inputParts: countInputParts(body.input),
  };
};

/** OpenAI's responses. */
export const openaiResponses: WireFormat = {
  name: "openai.responses",
  provider: "openai",
  matches: (url) => pathEndsIn(url, "/responses"),
  readRequest,
  requestContent: OPENAI_RESPONSES_CONTENT,
  readAnswer: (text) => {
    const body = parseObject(text);
    return body && readResponse(body);
  },
  createFold: createResponsesFold,
  content:
    /"response\.(?:output_text|refusal|reasoning_text|reasoning_summary_text|function_call_arguments|custom_tool_call_input|audio\.transcript)\.delta"/,
};
