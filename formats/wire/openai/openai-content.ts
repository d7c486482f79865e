import { isRecord } from "../../../features/is-record.ts";
import { mediaPart, textPart, toolCallPart, toolResponsePart } from "../content/part.ts";
import type { RequestContent } from "../content/request-content.ts";

/** Content of chat completions. */
export const OPENAI_CHAT_CONTENT: RequestContent = {
  input: ["messages"],
  types: {
    text: ({ text }) => textPart(text),
    refusal: ({ refusal }) => textPart(refusal),
    image_url: ({ image_url: image }) => mediaPart("image", isRecord(image) ? image.url : image),
  },
};

/** Content of responses, whose input also holds calls of tools and their results. */
export const OPENAI_RESPONSES_CONTENT: RequestContent = {
  input: ["input"],
  system: ["instructions"],
  types: {
    input_text: ({ text }) => textPart(text),
    output_text: ({ text }) => textPart(text),
    refusal: ({ refusal }) => textPart(refusal),
    input_image: ({ image_url: image }) => mediaPart("image", image),
    function_call: ({ call_id, name, arguments: args }) => toolCallPart(call_id, name, args),
    function_call_output: ({ call_id, output }) => toolResponsePart(call_id, output),
  },
};
