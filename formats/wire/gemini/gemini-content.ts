import { textOf } from "../../json/read-json.ts";
import { mediaPart, toolCallPart, toolResponsePart } from "../content/part.ts";
import type { RequestContent } from "../content/request-content.ts";

/** Content of Gemini's requests: a part is of the kind its only member names. */
export const GEMINI_CONTENT: RequestContent = {
  input: ["contents"],
  system: ["systemInstruction", "system_instruction"],
  members: {
    functionCall: ({ id, name, args }) => toolCallPart(id, name, args),
    functionResponse: ({ id, response }) => toolResponsePart(id, response),
    inlineData: ({ mimeType }) => mediaPart(textOf(mimeType), undefined),
    fileData: ({ mimeType, fileUri }) => mediaPart(textOf(mimeType), fileUri),
  },
};
