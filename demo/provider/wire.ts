import type { Answer } from "./answer.ts";
import type { ChatRequest } from "./chat-request.ts";

/** What every object of one completion repeats. */
export interface Envelope {
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  readonly model: string;
  readonly system_fingerprint: string;
}

/** Pieces a streamed text is sent in. */
const PIECES = 8;

/** The body of a plain chat completion. */
export const completionBody = (envelope: Envelope, request: ChatRequest, answer: Answer): string => {
  const { id, created, model, system_fingerprint } = envelope;
  const message = {
    role: "assistant",
    content: answer.content,
    refusal: null,
    annotations: [],
    ...(answer.toolCalls.length > 0 && { tool_calls: answer.toolCalls }),
  };
  const choices = Array.from({ length: request.n ?? 1 }, (_, index) => ({
    index,
    message,
    logprobs: null,
    finish_reason: answer.finishReason,
  }));
  const head = { id, object: "chat.completion", created, model, choices, usage: answer.usage };
  return JSON.stringify({ ...head, service_tier: "default", system_fingerprint });
};

const cut = (text: string): string[] => {
  const size = Math.max(1, Math.ceil(text.length / PIECES));
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  );
};

const deltas = (answer: Answer): object[] => {
  if (answer.content !== null) {
    return [{ role: "assistant", content: "", refusal: null }, ...cut(answer.content).map((content) => ({ content }))];
  }
  return answer.toolCalls.flatMap((call, index) => [
    {
      ...(index === 0 && { role: "assistant", content: null }),
      tool_calls: [{ index, ...call, function: { name: call.function.name, arguments: "" } }],
    },
    ...cut(call.function.arguments).map((piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] })),
  ]);
};

/**
 * The events of a streamed chat completion in order, each a whole `data: …` block; the last is `[DONE]`. Usage comes
 * in an event of its own with empty `choices`, only when the request asked for it.
 */
export const streamEvents = (envelope: Envelope, request: ChatRequest, answer: Answer): string[] => {
  const { id, created, model, system_fingerprint } = envelope;
  const withUsage = request.stream_options?.include_usage === true;
  const event = (choices: object[], usage: object | null): string => {
    const head = { id, object: "chat.completion.chunk", created, model, service_tier: "default", system_fingerprint };
    return `data: ${JSON.stringify({ ...head, choices, ...(withUsage && { usage }) })}\n\n`;
  };
  const choice = (delta: object, finish_reason: string | null): object[] =>
    Array.from({ length: request.n ?? 1 }, (_, index) => ({ index, delta, logprobs: null, finish_reason }));
  return [
    ...deltas(answer).map((delta) => event(choice(delta, null), null)),
    event(choice({}, answer.finishReason), null),
    ...(withUsage ? [event([], answer.usage)] : []),
    "data: [DONE]\n\n",
  ];
};

const ERROR_TYPES: Readonly<Record<number, readonly [type: string, code: string | null, message: string]>> = {
  400: ["invalid_request_error", null, "The request was refused."],
  401: ["invalid_request_error", "invalid_api_key", "Incorrect API key provided."],
  404: ["invalid_request_error", "model_not_found", "The model does not exist or you do not have access to it."],
  429: ["requests", "rate_limit_exceeded", "Rate limit reached. Please try again later."],
  500: ["server_error", null, "The server had an error while processing your request. Sorry about that!"],
  503: ["server_error", null, "The engine is currently overloaded, please try again later."],
};

/** The body of an error answer with this HTTP status; `detail` overrides the standard words. */
export const errorBody = (
  status: number,
  detail: { readonly message?: string; readonly param?: string | null; readonly code?: string | null } = {},
): string => {
  const [type, code, message] = ERROR_TYPES[status] ?? ["server_error", null, "The server had an error."];
  return JSON.stringify({
    error: { message: detail.message ?? message, type, param: detail.param ?? null, code: detail.code ?? code },
  });
};
