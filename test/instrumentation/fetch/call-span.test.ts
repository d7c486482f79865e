import { describe, expect, it } from "vitest";
import { spanAttributes, spanName } from "../../../instrumentation/fetch/call-span.ts";
import type { FinishedCall } from "../../../instrumentation/fetch/finished-call.ts";

const call = (more: Partial<FinishedCall> = {}): FinishedCall => ({
  ...{ startedAt: 1000, durationMs: 90, firstContentMs: null, stream: null, attempt: 0 },
  ...{ url: new URL("http://127.0.0.1:8000/v1/chat/completions"), provider: "openai", body: {} },
  request: { operation: "chat", model: "m", asked: { json: false, tools: [] }, attributes: {} },
  context: { cohort: null, flag: null, conversation: null, prompt: null, segments: {} },
  ...{ parent: null, httpStatus: 200, answer: null, errorType: null, failure: null, retries: null },
  ...more,
});
const request = (more: object) => ({ ...call().request, ...more });

describe("the span of a call", () => {
  it("leaves out what is unknown", () => {
    expect(spanAttributes(call())).toEqual({
      ...{ "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "m" },
      ...{ "server.address": "127.0.0.1", "server.port": 8000, "http.response.status_code": 200, "leeway.attempt": 0 },
    });
  });

  it.each([
    ["attempts", { attempt: 2 }, { "leeway.attempt": 2 }],
    ["time to first content, in seconds", { firstContentMs: 250 }, { "gen_ai.response.time_to_first_chunk": 0.25 }],
    [
      "pieces of a stream and the waits between them",
      { stream: { chunks: 3, meanGapMs: 4.5, maxGapMs: 8 } },
      { "leeway.stream.chunks": 3, "leeway.stream.gap_mean_ms": 4.5, "leeway.stream.gap_max_ms": 8 },
    ],
    [
      "parts of the input that are not text",
      { request: request({ inputParts: { image: 2 } }) },
      { "leeway.input.parts.image": 2 },
    ],
    [
      "the provider of a known host",
      { url: new URL("https://api.groq.com/openai/v1/chat/completions") },
      { "gen_ai.provider.name": "groq", "server.port": 443 },
    ],
    ["how it failed", { errorType: "429", httpStatus: 429 }, { "error.type": "429", "http.response.status_code": 429 }],
    [
      "what kind of failure that is",
      { failure: { kind: "request", fault: "missing-parameter", parameter: "max_tokens" } },
      {
        ...{ "leeway.error.kind": "request", "leeway.error.fault": "missing-parameter" },
        "leeway.error.parameter": "max_tokens",
      },
    ],
    [
      "what its attempts met with",
      { retries: { waitMs: 1500, throttled: 2, kept: false } },
      { "leeway.retry.wait_ms": 1500, "leeway.retry.throttled": 2, "leeway.retry.after_kept": false },
    ],
  ] as const)("tells %s", (_name, more, expected) => {
    expect(spanAttributes(call(more))).toMatchObject(expected);
  });

  it("of one piece has no waits", () => {
    const attributes = spanAttributes(call({ stream: { chunks: 1, meanGapMs: null, maxGapMs: null } }));
    expect(attributes).not.toHaveProperty("leeway.stream.gap_mean_ms");
  });

  it("is named by operation and model, or by the operation where a stored prompt has the model", () => {
    expect(spanName(call({ request: request({ operation: "embeddings" }) }))).toBe("embeddings m");
    expect(spanName(call({ request: request({ model: "" }) }))).toBe("chat");
  });
});
