import { TEXT } from "../provider/openai.ts";
import { type Expected, type ExpectedSpan, PRESENT } from "./expected.ts";

const CHAT: ExpectedSpan = { "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "leeway.attempt": 0 };
const OK: ExpectedSpan = { ...CHAT, "error.type": undefined, "http.response.status_code": 200 };
const COUNTED: ExpectedSpan = {
  "gen_ai.usage.input_tokens": 11,
  "gen_ai.usage.output_tokens": 7,
  "gen_ai.usage.cache_read.input_tokens": 4,
  "gen_ai.usage.reasoning.output_tokens": 3,
};
const said = (text: string): ExpectedSpan => ({
  "leeway.output.chars": text.length,
  "leeway.output.refusal_class": "none",
  "gen_ai.response.finish_reasons": ["stop"],
});
const STREAM: ExpectedSpan = {
  ...OK,
  "gen_ai.request.stream": true,
  "gen_ai.response.time_to_first_chunk": PRESENT,
  "gen_ai.usage.input_tokens": undefined,
};
const CALLED: ExpectedSpan = {
  "gen_ai.response.finish_reasons": ["tool_calls"],
  "leeway.output.tool_call_valid": true,
  "leeway.output.chars": undefined,
};
const REFUSED: ExpectedSpan = { "leeway.output.refusal_class": "hard" };
const JSON_ANSWER: ExpectedSpan = { "leeway.output.json_valid": true, "gen_ai.output.type": "json" };
const failed = (type: string | RegExp): ExpectedSpan => ({
  ...CHAT,
  "error.type": type,
  "leeway.output.chars": undefined,
});
const PLAIN: ExpectedSpan = { ...OK, ...COUNTED, ...said(TEXT) };

const EMBEDDED: ExpectedSpan = {
  ...{ "gen_ai.operation.name": "embeddings", "gen_ai.provider.name": "openai", "error.type": undefined },
  "gen_ai.usage.input_tokens": 11,
};

/** Steps that the frameworks on top of OpenAI's API have in common; they ask for usage in streams by themselves. */
const frameworkExpected: Expected = {
  "chat-plain": PLAIN,
  "chat-tool": { ...OK, ...COUNTED, ...CALLED },
  "chat-error-400": { ...failed("400"), "http.response.status_code": 400 },
  "chat-once-503": { ...PLAIN, "leeway.attempt": 1 },
  // What the app repeats by itself are calls of their own.
  "chat-loop-once-503": [failed("503"), PLAIN],
  "chat-refused": failed("ECONNREFUSED"),
  "chat-stream": { ...STREAM, ...said(TEXT), ...COUNTED },
  "chat-stream-break-hang": failed("aborted"),
  "embeddings-plain": EMBEDDED,
};

/** What every step of `apps/langchain.cjs` has to give. */
export const langchainExpected: Expected = {
  ...frameworkExpected,
  "chat-structured-json": { ...OK, ...COUNTED, ...JSON_ANSWER },
};

/** What every step of `apps/ai.cjs` has to give. */
export const aiExpected: Expected = {
  ...frameworkExpected,
  "chat-object-json": { ...OK, ...COUNTED, ...JSON_ANSWER },
  "chat-no-answer": failed(/^(?:timeout|aborted)$/),
  "responses-plain": { ...PLAIN, "openai.api.type": "responses" },
  "responses-tool": { ...OK, ...COUNTED, "leeway.output.tool_call_valid": true },
  "responses-stream": { ...STREAM, ...COUNTED, ...said(TEXT) },
};

/** What every step of `apps/openai.cjs` has to give. */
export const openaiExpected: Expected = {
  "chat-plain": {
    ...PLAIN,
    "gen_ai.request.temperature": 0.5,
    "gen_ai.request.seed": 7,
    "gen_ai.response.id": "chatcmpl-chat-plain",
    "gen_ai.response.model": "chat-plain-2026",
    "openai.response.system_fingerprint": "fp_1",
    "openai.api.type": "chat_completions",
  },
  "chat-tool": { ...OK, ...COUNTED, ...CALLED },
  "chat-refusal": { ...OK, ...COUNTED, ...REFUSED },
  "chat-json": { ...OK, ...COUNTED, ...JSON_ANSWER },
  "chat-parse-json": { ...OK, ...COUNTED, ...JSON_ANSWER },
  "chat-length": { ...OK, "leeway.output.truncated": true, "gen_ai.response.finish_reasons": ["length"] },
  "chat-as-response": PLAIN,
  "chat-with-response": PLAIN,
  "chat-error-400": { ...failed("400"), "http.response.status_code": 400 },
  "chat-error-500": { ...failed("500"), "http.response.status_code": 500 },
  "chat-retry-429": { ...PLAIN, "leeway.attempt": 2 },
  "chat-refused": failed("ECONNREFUSED"),
  "chat-no-answer": failed(/^(?:timeout|aborted)$/),
  "chat-timeout-no-answer": failed("timeout"),
  "stream-full": { ...STREAM, ...said(TEXT), "gen_ai.response.id": "chatcmpl-stream-full" },
  "stream-usage": { ...STREAM, ...said(TEXT), ...COUNTED },
  "stream-tool": { ...STREAM, ...CALLED },
  "stream-refusal": { ...STREAM, ...REFUSED },
  "stream-break-hang": { ...failed("aborted"), "gen_ai.response.finish_reasons": ["error"] },
  "stream-abort-hang": { ...failed("aborted"), "gen_ai.response.finish_reasons": ["error"] },
  "stream-cut": { ...failed(PRESENT), "gen_ai.response.finish_reasons": ["error"] },
  "stream-helper": { ...STREAM, ...said(TEXT) },
  "stream-tee": { ...STREAM, ...said(TEXT) },
  "stream-readable": { ...STREAM, ...said(TEXT) },
  "stream-text": { ...STREAM, ...said(TEXT) },
  "stream-unread": failed(PRESENT),
  "responses-plain": { ...PLAIN, "openai.api.type": "responses", "gen_ai.response.id": "resp_responses-plain" },
  "responses-tool": { ...OK, ...COUNTED, "leeway.output.tool_call_valid": true },
  "responses-refusal": { ...OK, ...COUNTED, ...REFUSED },
  "responses-parse-json": { ...OK, ...COUNTED, ...JSON_ANSWER },
  "responses-error-400": { ...failed("400"), "openai.api.type": "responses" },
  "responses-stream": { ...STREAM, ...COUNTED, ...said(TEXT) },
  "responses-stream-helper": { ...STREAM, ...COUNTED, ...said(TEXT) },
  "responses-stream-cut": failed(PRESENT),
  "embeddings-plain": EMBEDDED,
  "completions-plain": {
    ...{ ...OK, "gen_ai.operation.name": "text_completion", "leeway.output.chars": TEXT.length },
    ...{ "gen_ai.usage.input_tokens": 11, "gen_ai.usage.output_tokens": 7 },
  },
};
