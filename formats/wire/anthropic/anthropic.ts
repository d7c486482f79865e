import { parseObject } from "../../json/read-json.ts";
import { modelInPath, pathEndsIn } from "../url-path.ts";
import type { WireFormat } from "../wire-format.ts";
import { ANTHROPIC_CONTENT } from "./anthropic-content.ts";
import { createAnthropicFold, readAnthropicMessage } from "./anthropic-fold.ts";
import { readAnthropicRequest } from "./anthropic-request.ts";

/** Vertex AI names the model and the method in the path. */
const VERTEX = /\/publishers\/anthropic\/models\/([^/:]+):(?:raw|streamRaw)Predict$/;

/**
 * Anthropic's messages API, also as proxies, Azure and Vertex AI offer it. Thinking is no part of the answer's text;
 * it counts as reasoning tokens where the provider says how many.
 */
export const anthropicMessages: WireFormat = {
  name: "anthropic.messages",
  provider: "anthropic",
  matches: (url) => pathEndsIn(url, "/v1/messages") || VERTEX.test(url.pathname),
  readRequest: (body, url) => readAnthropicRequest(body, modelInPath(url, VERTEX)),
  requestContent: ANTHROPIC_CONTENT,
  readAnswer: (text) => {
    const body = parseObject(text);
    return body && readAnthropicMessage(body);
  },
  createFold: createAnthropicFold,
  // The opening `content_block_start` of a text is empty; that of a tool call names the tool.
  content: /"(?:text|thinking)"\s{0,4}:\s{0,4}"[^"]|"type"\s{0,4}:\s{0,4}"(?:server_)?tool_use"/,
};
