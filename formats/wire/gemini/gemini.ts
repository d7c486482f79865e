import { parseObject } from "../../json/read-json.ts";
import { createJsonArrayFraming } from "../framing/json-array-framing.ts";
import { framingFor } from "../framing/sse-framing.ts";
import { modelInPath } from "../url-path.ts";
import type { WireFormat } from "../wire-format.ts";
import { GEMINI_CONTENT } from "./gemini-content.ts";
import { createGeminiFold } from "./gemini-fold.ts";
import { readGeminiRequest } from "./gemini-request.ts";

/** A model, a tuned model or an endpoint, then the method. */
const PATH = /\/([^/:]+):(?:generateContent|streamGenerateContent)$/;

const isStream = (url: URL): boolean => url.pathname.endsWith(":streamGenerateContent");

/** Gemini's `generateContent` and `streamGenerateContent`, of the Gemini API and of Vertex AI. */
export const gemini: WireFormat = {
  name: "gemini.generate_content",
  provider: "gcp.gemini",
  matches: (url) => url.pathname.endsWith(":generateContent") || isStream(url),
  readRequest: (body, url) => readGeminiRequest(body, modelInPath(url, PATH), isStream(url)),
  requestContent: GEMINI_CONTENT,
  readAnswer: (text) => {
    const body = parseObject(text);
    if (body === null) return null;
    const fold = createGeminiFold();
    fold.event(body);
    return fold.facts();
  },
  createFold: createGeminiFold,
  content: /"text"\s{0,4}:\s{0,4}"[^"]|"functionCall"\s{0,4}:\s{0,4}\{/,
  // Without `alt=sse` a stream is one JSON array.
  createFraming: (contentType, url) =>
    isStream(url) && contentType.includes("application/json") ? createJsonArrayFraming() : framingFor(contentType),
};
