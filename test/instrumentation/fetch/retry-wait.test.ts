import { describe, expect, it } from "vitest";
import { readAttemptHeaders } from "../../../instrumentation/fetch/attempt-headers.ts";
import { retryWait } from "../../../instrumentation/fetch/retry-wait.ts";

const NOW = Date.parse("2026-11-20T06:00:00Z");
const EARLY = 5;
const SLACK = 1000;
const response = (status: number, headers: Record<string, string> = {}) => ({ status, headers: new Headers(headers) });
const habitOf = (headers: Record<string, string>) => readAttemptHeaders(new Headers(headers)).habit;

const COUNTED = habitOf({ "x-stainless-retry-count": "0", "user-agent": "OpenAI/JS 7.55.0" });
const AI_SDK = habitOf({ "user-agent": "ai/6.0.326 ai-sdk/openai/3.0.141 runtime/node.js/24" });
const LANGCHAIN = habitOf({ "x-stainless-retry-count": "0", "user-agent": "langchainjs-openai/1.0.0 ((node/v24)" });
const COHERE = habitOf({ "user-agent": "cohere-ai/8.1.0" });
const GOOGLE = habitOf({ "x-goog-api-client": "google-genai-sdk/3.1.0 gl-node/v24" });

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
    expect(retryWait({ habit: COUNTED, attempt }, answer, NOW)?.longestMs).toBe(expected + SLACK);
  });

  it.each([
    ["the AI SDK waits 2 s", AI_SDK, 0, response(500), [2000, 2000, 250]],
    ["and then 4 s", AI_SDK, 1, null, [4000, 4000, 250]],
    ["or as the provider wishes", AI_SDK, 0, response(429, { "retry-after": "7" }), [7000, 7000, 250]],
    ["LangChain waits 1 s to 2 s", LANGCHAIN, 0, response(500), [1000, 2000, 250]],
    [
      "and doubles it, whatever the provider wishes",
      LANGCHAIN,
      2,
      response(429, { "retry-after": "7" }),
      [4000, 8000, 250],
    ],
    ["Cohere's SDK waits about 1 s", COHERE, 0, response(503), [900, 1100, SLACK]],
    ["Google's SDK waits as its app says", GOOGLE, 0, response(503), [EARLY, 2000, SLACK]],
  ])("%s", (_name, habit, attempt, answer, [shortest = 0, longest = 0, slack = 0]) => {
    const wait = { shortestMs: shortest - EARLY, longestMs: longest + slack };
    expect(retryWait({ habit, attempt }, answer, NOW)).toEqual(wait);
  });

  it.each([
    ["an SDK that is not known", habitOf({ "user-agent": "my-app/1.0" }), 0, response(500)],
    ["a fetch without a word about its sender", habitOf({}), 0, response(500)],
    ["something that only sounds like the AI SDK", habitOf({ "user-agent": "openai/1.0 mai/2" }), 0, response(500)],
    ["a bad request", COUNTED, 0, response(400)],
    ["a wrong key", COUNTED, 0, response(401)],
    ["an unknown model", COUNTED, 0, response(404)],
    ["a provider that forbids it", COUNTED, 0, response(429, { "x-should-retry": "false" })],
    ["the last retry of an SDK that makes two", AI_SDK, 2, response(500)],
  ])("is none after %s", (_name, habit, attempt, answer) => {
    expect(retryWait({ habit, attempt }, answer, NOW)).toBeNull();
  });
});
