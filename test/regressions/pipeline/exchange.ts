import { createHash } from "node:crypto";
import { readFailure } from "../../../formats/errors/read-failure.ts";
import { openaiChat } from "../../../formats/wire/openai/openai-chat.ts";
import type { FinishedCall } from "../../../instrumentation/fetch/finished-call.ts";
import type { Call } from "../traffic/call.ts";
import { ORDER_SCHEMA } from "../traffic/order-schema.ts";
import { TOOLS } from "../traffic/tool-use.ts";
import type { Served } from "./served.ts";

const URL_OF_API = new URL("https://api.openai.com/v1/chat/completions");

const ASKED: Readonly<Partial<Record<Call["inputType"], object>>> = {
  extraction: { response_format: { type: "json_schema", json_schema: { name: "order", schema: ORDER_SCHEMA } } },
  tools: {
    tool_choice: "auto",
    tools: Object.entries(TOOLS).map(([name, parameters]) => ({ type: "function", function: { name, parameters } })),
  },
};

const requestBody = (call: Call, { model, temperature }: Served) => ({
  ...{ model, temperature, max_completion_tokens: 900, messages: [{ role: "user", content: call.inputType }] },
  ...ASKED[call.inputType],
});

const toolCallsOf = ({ toolCalls }: Call["reply"]) =>
  toolCalls.length === 0
    ? {}
    : {
        tool_calls: toolCalls.map(({ name, arguments: written }, at) => ({
          ...{ id: `call_${at}`, type: "function", function: { name, arguments: written } },
        })),
      };

const responseBody = (call: Call, { answeredBy, fingerprint }: Served): string => {
  const { reply, promptTokens, cachedTokens, completionTokens } = call;
  const message = { role: "assistant", content: reply.text, refusal: null, ...toolCallsOf(reply) };
  return JSON.stringify({
    ...{ id: `chatcmpl-${call.seed}`, object: "chat.completion", model: answeredBy, system_fingerprint: fingerprint },
    choices: [{ index: 0, message, finish_reason: reply.finishReason }],
    usage: {
      ...{ prompt_tokens: promptTokens, completion_tokens: completionTokens },
      total_tokens: promptTokens + completionTokens,
      prompt_tokens_details: { cached_tokens: cachedTokens },
    },
  });
};

const contextOf = (call: Call, { prompt }: Served): FinishedCall["context"] => ({
  cohort: null,
  flag: {
    ...{ key: "support-model", variant: call.arm },
    targetingKeyHash: createHash("sha256").update(call.user).digest("hex").slice(0, 16),
  },
  conversation: call.conversation,
  prompt,
  segments: { input_type: call.inputType, language: call.language, tier: call.tier },
});

const statusOf = ({ errorType }: Call): number | null => {
  if (errorType === null) return 200;
  return errorType === "timeout" ? null : Number(errorType);
};

/** The call as the preload sees it end, when `served` answers: request and response bodies of the real wire format. */
export const finishedCall = (call: Call, served: Served, startedAt: number): FinishedCall => {
  const body = requestBody(call, served);
  const request = openaiChat.readRequest(body, URL_OF_API);
  if (request === null) throw new Error("the request is of no known format");
  return {
    ...{ startedAt, request, body, url: URL_OF_API, provider: "openai", attempt: 0, parent: null, stream: null },
    durationMs: call.durationMs,
    firstContentMs: call.errorType === null ? call.firstContentMs : null,
    context: contextOf(call, served),
    httpStatus: statusOf(call),
    answer: call.errorType === null ? openaiChat.readAnswer(responseBody(call, served)) : null,
    errorType: call.errorType,
    failure: call.errorType === null ? null : readFailure(statusOf(call), "", [call.errorType]),
    retries: null,
  };
};
