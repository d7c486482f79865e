import { afterEach, describe, expect, it } from "vitest";
import { activeParentSpan, coverActiveSpan } from "../../instrumentation/app-tracing.ts";
import { coveredSpans } from "../../instrumentation/covered-spans.ts";

const API = Symbol.for("opentelemetry.js.api.1");
const shared = globalThis as { [API]?: unknown };
const ids = { traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: 1 };
const CALL = { "gen_ai.operation.name": "chat" };

/** An OpenTelemetry API of whatever version, with this active span. */
const withActive = (span: object | undefined): void => {
  shared[API] = { context: { active: () => ({ getValue: () => span }) } };
};

describe("the app's active span", () => {
  const before = shared[API];
  afterEach(() => {
    if (before === undefined) delete shared[API];
    else shared[API] = before;
  });

  it.each([
    ["without OpenTelemetry", undefined],
    ["with an API that has no context manager", {}],
  ])("is none %s", (_name, api) => {
    if (api === undefined) delete shared[API];
    else shared[API] = api;
    expect(activeParentSpan()).toBeNull();
  });

  it.each<[string, object, object]>([
    ["some other part of the app", { spanContext: () => ids, attributes: { "http.route": "/" } }, ids],
    ["a span that does not show what it holds", { spanContext: () => ids }, ids],
    ["the very call", { spanContext: () => ids, attributes: CALL }, { ...ids, isModelCall: true }],
    [
      "the very call in a wrapper of an instrumentation's own",
      { spanContext: () => ids, span: { spanContext: () => ids, attributes: CALL } },
      { ...ids, isModelCall: true },
    ],
  ])("is recognised: %s", (_name, span, expected) => {
    withActive(span);
    expect(activeParentSpan()).toEqual(expected);
  });

  it("is noted as covered only when a call begins inside it, and then the SDK's own span", () => {
    const inner = { spanContext: () => ids, attributes: CALL };
    withActive({ spanContext: () => ids, span: inner });
    activeParentSpan();
    expect(coveredSpans().has(inner)).toBe(false);
    coverActiveSpan();
    expect(coveredSpans().has(inner)).toBe(true);
  });
});
