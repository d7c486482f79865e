import { isRecord } from "../../../features/is-record.ts";
import { textOf } from "../../json/read-json.ts";
import { mediaPart, textPart, toolCallPart, toolResponsePart } from "../content/part.ts";
import type { RequestContent } from "../content/request-content.ts";

/** Content of Anthropic's messages. */
export const ANTHROPIC_CONTENT: RequestContent = {
  input: ["messages"],
  system: ["system"],
  types: {
    text: ({ text }) => textPart(text),
    thinking: ({ thinking }) => ({ type: "reasoning", content: textOf(thinking) }),
    tool_use: ({ id, name, input }) => toolCallPart(id, name, input),
    tool_result: ({ tool_use_id, content }) => toolResponsePart(tool_use_id, content),
    image: ({ source }) => mediaPart("image", isRecord(source) ? source.url : undefined),
  },
};
