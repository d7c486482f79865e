import { parseObject } from "../../json/read-json.ts";
import { createEventStreamFraming } from "../framing/event-stream-framing.ts";
import { framingFor } from "../framing/sse-framing.ts";
import { modelInPath } from "../url-path.ts";
import type { WireFormat } from "../wire-format.ts";
import { CONVERSE_CONTENT, INVOKE_CONTENT } from "./bedrock-content.ts";
import { createConverseFold, readConverseAnswer } from "./bedrock-converse-fold.ts";
import { readConverseRequest } from "./bedrock-converse-request.ts";
import { createInvokeFold, readInvokeAnswer } from "./bedrock-invoke-fold.ts";
import { readInvokeRequest } from "./bedrock-invoke-request.ts";

const CONVERSE = /\/model\/([^/]+)\/converse(?:-stream)?$/;
const INVOKE = /\/model\/([^/]+)\/invoke(?:-with-response-stream)?$/;

const isStream = (url: URL): boolean => url.pathname.endsWith("-stream");

const createFraming: WireFormat["createFraming"] = (contentType) =>
  contentType.includes("vnd.amazon.eventstream") ? createEventStreamFraming() : framingFor(contentType);

/** Bedrock's Converse and ConverseStream. The AWS SDK sends them over HTTP/2, others through fetch. */
export const bedrockConverse: WireFormat = {
  name: "bedrock.converse",
  provider: "aws.bedrock",
  matches: (url) => CONVERSE.test(url.pathname),
  readRequest: (body, url) => readConverseRequest(body, modelInPath(url, CONVERSE), isStream(url)),
  requestContent: CONVERSE_CONTENT,
  readAnswer: (text) => {
    const body = parseObject(text);
    return body && readConverseAnswer(body);
  },
  createFold: createConverseFold,
  createFraming,
  content: /"text"\s{0,4}:\s{0,4}"[^"]|"toolUse"\s{0,4}:\s{0,4}\{/,
};

/** Bedrock's InvokeModel and InvokeModelWithResponseStream, in the words of each model family. */
export const bedrockInvoke: WireFormat = {
  name: "bedrock.invoke",
  provider: "aws.bedrock",
  matches: (url) => INVOKE.test(url.pathname),
  readRequest: (body, url) => readInvokeRequest(body, modelInPath(url, INVOKE), url, isStream(url)),
  requestContent: INVOKE_CONTENT,
  readAnswer: readInvokeAnswer,
  createFold: createInvokeFold,
  createFraming,
  // What the first content of each model family is called, as it is, and in base64 (fetch sees it so) for
  // `{"type":"content_block_delta"`, `{"contentBlockDelta"`, `{"outputText"`, `{"generation"`, `{"outputs"`, `{"choices"`.
  content:
    /"(?:content_block_delta|contentBlockDelta|outputText|generation|outputs|choices)"|eyJ0eXBlIjoiY29udGVudF9ibG9ja19kZWx0YSI|eyJjb250ZW50QmxvY2tEZWx0YSI|eyJvdXRwdXRUZXh0I|eyJnZW5lcmF0aW9uI|eyJvdXRwdXRzI|eyJjaG9pY2VzI/,
};
