import { expect, test } from "vitest";
import type { SpanRow } from "../../../core/span-row.ts";
import { chatSpan, type Plain, START_MS } from "../otlp-request.ts";
import { normalise, rowOf } from "./normalise.ts";

test("carries the parameters that change how a model answers, and no text in their place", () => {
  const span = chatSpan(1, {
    "gen_ai.request.top_p": 0.9,
    "gen_ai.request.temperature": 0.2,
    "gen_ai.request.seed": 7,
    "gen_ai.request.reasoning.level": "think about my order",
  });
  expect(rowOf(span).parameters).toBe("temperature=0.2 top_p=0.9");
  expect(rowOf(chatSpan(2, {})).parameters).toBe("");
});

test("carries what Leeway's own instrumentation recorded", () => {
  const span = chatSpan(1, {
    "leeway.migration": "to-gpt-5",
    "leeway.cohort": "canary",
    "leeway.segment.input_type": "faq",
    "leeway.segment.language": "de",
    "leeway.attempt": 2,
    "leeway.targeting_key_hash": "0123456789abcdef",
    "leeway.sampling.probability": 0.25,
    "feature_flag.key": "support-model",
    "feature_flag.result.variant": "canary",
    "leeway.output.chars": 812,
    "leeway.output.code_fence": true,
    "leeway.output.json_valid": false,
    "leeway.output.refusal_class": "soft",
    "leeway.output.truncated": false,
    "leeway.output.tool_call_valid": true,
  });
  expect(rowOf(span)).toMatchObject({
    migration: "to-gpt-5",
    cohort: "canary",
    segments: { input_type: "faq", language: "de" },
    attempt: 2,
    targeting_key_hash: "0123456789abcdef",
    sampling_probability: 0.25,
    flag_key: "support-model",
    flag_variant: "canary",
    output_chars: 812,
    code_fence: 1,
    json_valid: 0,
    refusal_class: "soft",
    truncated: 0,
    tool_call_valid: 1,
  });
});

test("believes a dialect's own word for a failure, and an old name, on spans of others", () => {
  const level = { "langfuse.observation.level": "ERROR" };
  expect(rowOf(chatSpan(1, level))).toMatchObject({ error: 1, error_type: "_OTHER" });
  expect(rowOf(chatSpan(1, { "feature_flag.variant": "canary" })).flag_variant).toBe("canary");
});

test("leaves unknown what a span does not say, and never makes it zero", () => {
  expect(rowOf(chatSpan(1))).toMatchObject({
    ttft_ms: null,
    http_status: null,
    input_tokens: null,
    output_tokens: null,
    cached_tokens: null,
    reasoning_tokens: null,
    cost_usd: null,
    output_chars: null,
    code_fence: null,
    json_valid: null,
    truncated: null,
    tool_call_valid: null,
    refusal_class: "",
    finish_reason: "",
    cohort: "",
    attempt: 0,
    sampling_probability: 1,
  });
});

const nonsense: readonly (readonly [Record<string, Plain>, Partial<SpanRow>])[] = [
  [{ "gen_ai.usage.input_tokens": -1 }, { input_tokens: null }],
  [{ "gen_ai.usage.input_tokens": 1.5 }, { input_tokens: null }],
  [{ "gen_ai.usage.input_tokens": 5_000_000_000 }, { input_tokens: null }],
  [{ "gen_ai.usage.input_tokens": "many" }, { input_tokens: null }],
  [{ "gen_ai.usage.input_tokens": "12" }, { input_tokens: 12 }],
  [{ "gen_ai.response.time_to_first_chunk": 250 }, { ttft_ms: null, streamed: 0 }],
  [{ "leeway.cohort": "control" }, { cohort: "" }],
  [{ "leeway.output.refusal_class": "rude" }, { refusal_class: "" }],
  [{ "leeway.output.refusal_class": "constructor" }, { refusal_class: "" }],
  [{ "leeway.sampling.probability": 0 }, { sampling_probability: 1 }],
  [{ "leeway.sampling.probability": 7 }, { sampling_probability: 1 }],
  [{ "leeway.attempt": 1000 }, { attempt: 255 }],
  [{ "leeway.retry.wait_ms": -3 }, { retry_wait_ms: null }],
  [
    { "leeway.retry.wait_ms": 12.5, "leeway.retry.throttled": 2 },
    { retry_wait_ms: 12.5, throttled_attempts: 2 },
  ],
  [
    { "leeway.retry.throttled": 0.5, "leeway.retry.after_kept": "maybe" },
    { throttled_attempts: null, retry_after_kept: null },
  ],
  [{ "leeway.retry.after_kept": false }, { retry_after_kept: 0 }],
  [{ "leeway.handoff": "canary" }, { handoff: "canary" }],
  [{ "leeway.handoff": "shadow" }, { handoff: "" }],
  [{ "leeway.handoff": true }, { handoff: "" }],
  [{ "leeway.handoff": 1 }, { handoff: "" }],
  [{ "leeway.pair_id": "0006a11312b2a3823cb3cc9ef009e788" }, { pair_id: "0006a11312b2a3823cb3cc9ef009e788" }],
  [{ "leeway.pair_id": "0006A11312B2A3823CB3CC9EF009E788" }, { pair_id: "" }],
  [{ "leeway.pair_id": "a pair" }, { pair_id: "" }],
  [{ "leeway.pair_id": 7 }, { pair_id: "" }],
  [{ "http.response.status_code": 7 }, { http_status: null }],
  [{ "gen_ai.response.model": "x".repeat(1000) }, { response_model: "x".repeat(256) }],
];

test.each(nonsense)("bounds what a broken sender can say: %j", (attributes, row) => {
  expect(rowOf(chatSpan(1, attributes))).toMatchObject(row);
});

test("keeps at most 16 segments of 64 characters, whatever their names", () => {
  const attributes = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`leeway.segment.s${i}`, "v".repeat(100)]),
  );
  const { segments } = rowOf(chatSpan(1, { "leeway.segment.__proto__": "p", ...attributes }));
  expect(Object.keys(segments)).toHaveLength(16);
  expect(Object.getOwnPropertyDescriptor(segments, "__proto__")?.value).toBe("p");
  expect(segments.s0).toBe("v".repeat(64));
});

const failures: readonly (readonly [string, Parameters<typeof rowOf>[0], Partial<SpanRow>])[] = [
  ["the status of the span", { ...chatSpan(1), status: 2 }, { error: 1, error_type: "_OTHER" }],
  ["an HTTP status", { ...chatSpan(1, { "http.response.status_code": 500 }), status: 2 }, { error_type: "500" }],
  ["error.type alone", chatSpan(1, { "error.type": "429" }), { error: 1, error_type: "429", http_status: 429 }],
  [
    "the exception's class",
    { ...chatSpan(1), status: 2, events: [{ name: "exception", attributes: { "exception.type": "APIError" } }] },
    { error: 1, error_type: "APIError" },
  ],
  [
    "nothing: an exception that was handled",
    { ...chatSpan(1), events: [{ name: "exception", attributes: { "exception.type": "APIError" } }] },
    { error: 0, error_type: "" },
  ],
];

test.each(failures)("takes the failure of a call from %s", (_from, span, row) => {
  expect(rowOf(span)).toMatchObject(row);
});

const kinds: readonly (readonly [string, Parameters<typeof rowOf>[0], Partial<SpanRow>])[] = [
  [
    "what the preload read",
    chatSpan(1, {
      "error.type": "400",
      "leeway.error.kind": "request",
      "leeway.error.fault": "missing-parameter",
      "leeway.error.parameter": "max_tokens",
    }),
    { error_kind: "request", error_fault: "missing-parameter", error_parameter: "max_tokens" },
  ],
  [
    "the status, where a sender's words are none of ours",
    chatSpan(1, { "error.type": "429", "leeway.error.kind": "constructor", "leeway.error.fault": "x" }),
    { error_kind: "rate-limit", error_fault: "" },
  ],
  [
    "words it can be told by, but no name that is no parameter's",
    chatSpan(1, {
      "error.type": "400",
      "leeway.error.kind": "request",
      "leeway.error.fault": "my secret",
      "leeway.error.parameter": "my secret",
    }),
    { error_kind: "request", error_fault: "", error_parameter: "" },
  ],
  [
    "the class of an SDK's exception",
    chatSpan(1, { "error.type": "anthropic.OverloadedError" }),
    { error_kind: "overload" },
  ],
  [
    "its message, which holds the provider's body",
    {
      ...chatSpan(1, { "error.type": "BadRequestError" }),
      events: [
        {
          name: "exception",
          attributes: {
            "exception.type": "openai.BadRequestError",
            "exception.message":
              "Error code: 400 - {'error': {'message': \"Unsupported parameter: 'max_tokens' is not supported with this model.\", 'type': 'invalid_request_error', 'param': 'max_tokens', 'code': 'unsupported_parameter'}}",
          },
        },
      ],
    },
    { error_kind: "request", error_fault: "unsupported-parameter", error_parameter: "max_tokens" },
  ],
  ["nothing that tells", { ...chatSpan(1), status: 2 }, { error_kind: "other" }],
  ["nothing, where nothing failed", chatSpan(1, { "leeway.error.kind": "overload" }), { error: 0, error_kind: "" }],
];

test.each(kinds)("takes the kind of a failure from %s", (_from, span, row) => {
  expect(rowOf(span)).toMatchObject(row);
});

const tokens: readonly (readonly [string, Record<string, Plain>, number | null])[] = [
  ["includes cached tokens already", { input_tokens: 100, "cache_read.input_tokens": 60 }, 100],
  [
    "is proven inclusive by the total",
    { input_tokens: 20, output_tokens: 5, total_tokens: 25, "cache_read.input_tokens": 20 },
    20,
  ],
  [
    "is proven exclusive by the total",
    { input_tokens: 50, output_tokens: 5, total_tokens: 65, "cache_read.input_tokens": 10 },
    60,
  ],
  [
    "is smaller than what it should contain",
    { input_tokens: 11, "cache_read.input_tokens": 100, "cache_write.input_tokens": 9 },
    120,
  ],
  ["is unknown", { "cache_read.input_tokens": 60 }, null],
];

test.each(tokens)("counts cached tokens once where the input %s", (_why, usage, expected) => {
  const attributes = Object.entries(usage).map(([name, value]) => [`gen_ai.usage.${name}`, value]);
  expect(rowOf(chatSpan(1, Object.fromEntries(attributes))).input_tokens).toBe(expected);
});

test.each([0.3, 1, 900, 5000])(
  "keeps a call that ends %d ms before it begins, and does not know how long it took",
  (ms) => {
    const span = chatSpan(1, { "gen_ai.response.time_to_first_chunk": 0.2, "gen_ai.usage.input_tokens": 10 });
    expect(rowOf({ ...span, endMs: START_MS - ms })).toMatchObject({
      ...{ start_ms: START_MS, end_ms: START_MS - ms, duration_ms: null, ttft_ms: null, input_tokens: 10, error: 0 },
    });
    expect(rowOf({ ...span, endMs: START_MS }).duration_ms).toBe(0);
  },
);

test("keeps microseconds of the times", () => {
  expect(rowOf({ ...chatSpan(1), startMs: START_MS + 0.125, endMs: START_MS + 1000.5 })).toMatchObject({
    start_ms: START_MS + 0.125,
    end_ms: START_MS + 1000.5,
    duration_ms: 1000.375,
  });
});

const refusals = [
  ["invalid-id", { ...chatSpan(1), traceId: "0".repeat(32) }],
  ["invalid-id", { ...chatSpan(1), spanId: "abc" }],
  ["invalid-id", { ...chatSpan(1), traceId: "z".repeat(32) }],
  ["invalid-time", { ...chatSpan(1), startMs: 0 }],
  ["invalid-time", { ...chatSpan(1), endMs: START_MS - 5001 }],
  ["invalid-time", { ...chatSpan(1), endMs: 0 }],
  ["seconds-as-nanoseconds", { ...chatSpan(1), startMs: START_MS / 1e9, endMs: (START_MS + 1000) / 1e9 }],
  ["milliseconds-as-nanoseconds", { ...chatSpan(1), startMs: START_MS / 1e6, endMs: (START_MS + 1) / 1e6 }],
  ["microseconds-as-nanoseconds", { ...chatSpan(1), startMs: START_MS / 1e3, endMs: (START_MS + 1) / 1e3 }],
  ["milliseconds-as-nanoseconds", { ...chatSpan(1), endMs: (START_MS + 1) / 1e6 }],
  ["invalid-time", { ...chatSpan(1), startMs: START_MS * 1e3, endMs: START_MS * 1e3 }],
  ["too-old", { ...chatSpan(1), startMs: 900_000_000_000, endMs: 900_000_001_000 }],
  ["too-old", { ...chatSpan(1), startMs: 10, endMs: 20 }],
  ["invalid-time", { ...chatSpan(1), endMs: START_MS + 40 * 365 * 86_400_000 }],
] as const;

test.each(refusals)("refuses a call as %s", (reason, span) => {
  expect(normalise(span)).toEqual({ kind: "refused", reason });
});

test("keeps a call whose clock is days ahead: it is placed in time by who knows its sender's other calls", () => {
  const ahead = { ...chatSpan(1), startMs: START_MS + 3 * 86_400_000, endMs: START_MS + 3 * 86_400_000 + 5 };
  expect(rowOf(ahead)).toMatchObject({ end_ms: ahead.endMs, clock_skew_ms: 0 });
});

test("knows where a call came from", () => {
  const origin = { scope: "leeway", resource: { "service.name": "support-api", "service.instance.id": "i-1" } };
  const span = { ...chatSpan(1), parentSpanId: "00f067aa0ba902b7" };
  expect(rowOf(span, origin)).toMatchObject({
    trace_id: "00000000000000000000000000000002",
    span_id: "0000000000000002",
    parent_span_id: "00f067aa0ba902b7",
    scope: "leeway",
    service: "support-api",
    instance: "i-1",
    received_ms: START_MS + 5000,
  });
});

test.each([
  [{ "gen_ai.response.finish_reasons": '["length"]' }, "length", 1],
  [{ "gen_ai.response.finish_reasons": ['["length"]'] }, "length", 1],
  [{ "gen_ai.response.finish_reasons": "['stop']" }, "stop", 0],
  [{ "gen_ai.response.finish_reasons": "length,stop" }, "length", 1],
  [{ "gen_ai.response.finish_reasons": ["FinishReason.MAX_TOKENS"] }, "length", 1],
  [{ "gen_ai.response.finish_reason": "FINISH_REASON_MAX_TOKENS" }, "length", 1],
  [{ "ai.operationId": "ai.generateText.doGenerate", "ai.response.finishReason": "Length" }, "length", 1],
  [{ "gen_ai.response.finish_reasons": [], "anthropic.message.stop_reason": "max_tokens" }, "length", 1],
  [{ "gen_ai.response.finish_reasons": [""], "anthropic.message.stop_reason": "max_tokens" }, "length", 1],
  [{ "gen_ai.response.finish_reasons": "[]" }, "", null],
  [{ "gen_ai.response.finish_reasons": [2] }, "", null],
  [{ "gen_ai.response.finish_reasons": ["unknown"] }, "", null],
  [{ "gen_ai.response.finish_reasons": ["No words of a provider."] }, "other", null],
])("reads the finish reason of %j, and whether it was a cut", (attributes, finish_reason, truncated) => {
  expect(rowOf(chatSpan(1, attributes))).toMatchObject({ finish_reason, truncated });
});
