import { mediaPart, toolCallPart, toolResponsePart } from "../content/part.ts";
import type { RequestContent } from "../content/request-content.ts";

/** Content of Converse: a block is of the kind its only member names. */
export const CONVERSE_CONTENT: RequestContent = {
  input: ["messages"],
  system: ["system"],
  members: {
    toolUse: ({ toolUseId, name, input }) => toolCallPart(toolUseId, name, input),
    toolResult: ({ toolUseId, content }) => toolResponsePart(toolUseId, content),
    image: () => mediaPart("image", undefined),
    video: () => mediaPart("video", undefined),
    document: () => mediaPart("file", undefined),
  },
};

/** Content of InvokeModel: messages as their model family writes them, or a prompt. */
export const INVOKE_CONTENT: RequestContent = { input: ["messages", "prompt", "inputText"] };
