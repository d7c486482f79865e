import { describe, expect, it } from "vitest";
import { retryWait } from "../../../instrumentation/fetch/retry-wait.ts";

const NOW = Date.parse("2026-11-20T06:00:00Z");
const SLACK = 1000;
const response = (status: number, headers: Record<string, string> = {}) => ({ status, headers: new Headers(headers) });

describe("the wait for a retry", () => {
  it.each([
    ["network error", 0, null, 500],
    ["timeout, or an abort", 0, null, 500],
    ["first 500", 0, response(500), 500],
    ["second 500", 1, response(503), 1000],
    ["fourth", 3, response(429), 4000],
    ["tenth", 9, response(429), 8000],
    ["408", 0, response(408), 500],
    ["409", 0, response(409), 500],
    ["a wish in ms", 0, response(429, { "retry-after-ms": "20" }), 20],
    ["a wish in seconds", 0, response(429, { "retry-after": "30" }), 30_000],
    ["a wish for a moment", 0, response(429, { "retry-after": "Fri, 20 Nov 2026 06:00:10 GMT" }), 10_000],
    ["a wish beyond a minute, which SDKs ignore", 0, response(429, { "retry-after": "3600" }), 500],
    ["a wish that is none", 0, response(429, { "retry-after": "soon" }), 500],
    ["a provider that says so", 0, response(400, { "x-should-retry": "true" }), 500],
  ])("%s", (_name, attempt, answer, expected) => {
    expect(retryWait(attempt, answer, NOW)).toBe(expected + SLACK);
  });

  it.each([
    ["an SDK that does not count its attempts", null, response(500)],
    ["a bad request", 0, response(400)],
    ["a wrong key", 0, response(401)],
    ["an unknown model", 0, response(404)],
    ["a provider that forbids it", 0, response(429, { "x-should-retry": "false" })],
  ])("is none after %s", (_name, attempt, answer) => {
    expect(retryWait(attempt, answer, NOW)).toBeNull();
  });
});
