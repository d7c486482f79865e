import { describe, expect, it } from "vitest";
import { type Failure, readFailure } from "../../../formats/errors/read-failure.ts";
import { PAYLOADS } from "./payloads.ts";

describe.each(Object.entries(PAYLOADS))("errors of %s", (_provider, payloads) => {
  for (const [what, status, body, kind, fault = null, parameter = ""] of payloads)
    it(what, () => expect(readFailure(status, JSON.stringify(body))).toEqual({ kind, fault, parameter }));
});

const kindOf = (status: number | null, body = "", codes: readonly string[] = []): Failure["kind"] =>
  readFailure(status, body, codes).kind;

describe("what is no provider's JSON", () => {
  it.each<[string, number, string, Failure["kind"]]>([
    ["nothing", 429, "", "rate-limit"],
    ["a proxy's page", 502, "<html><body><h1>502 Bad Gateway</h1> rate limit, model not found</body></html>", "server"],
    ["another one's", 503, "\n<!DOCTYPE html><title>Overloaded</title>", "overload"],
    ["a firewall's page", 403, "<html>Attention Required! | Cloudflare</html>", "auth"],
    ["a page for a timeout of Cloudflare's", 524, "<html>", "timeout"],
    ["plain text", 400, "upstream says: Unsupported parameter: 'top_k'", "request"],
    ["JSON cut in the middle", 429, '{"error":{"message":"Rate li', "rate-limit"],
    ["a number", 500, "7", "server"],
    ["null", 500, "null", "server"],
    ["an empty list", 400, "[]", "request"],
    [
      "what is far too long",
      400,
      `{"error":{"code":"rate_limit_exceeded","message":"${"x".repeat(100_000)}"}}`,
      "request",
    ],
    ["members of the wrong type", 400, '{"error":{"code":{},"type":[],"message":7,"param":{}}}', "request"],
    [
      "a name of every object",
      400,
      '{"error":{"code":"constructor","type":"__proto__","param":"toString"}}',
      "request",
    ],
    ["an error that hides in a success", 200, '{"error":{"code":429,"message":"Rate limited upstream"}}', "rate-limit"],
    ["nothing that tells", 200, "{}", "other"],
    ["a redirect", 302, "", "other"],
  ])("%s", (_what, status, body, kind) => {
    expect(kindOf(status, body)).toBe(kind);
  });

  it("takes no time that grows faster than the message", () => {
    const hostile = JSON.stringify({ error: { message: `model ${"'tool_choice model ".repeat(3000)}` } });
    const began = performance.now();
    for (let i = 0; i < 20; i++) readFailure(400, hostile);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

describe("without a body", () => {
  it.each<[string, Failure["kind"]]>([
    ["timeout", "timeout"],
    ["aborted", "aborted"],
    ["incomplete", "incomplete"],
    ["ECONNREFUSED", "network"],
    ["UND_ERR_SOCKET", "network"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "network"],
    ["provider_error", "server"],
    // Of a stream that began well.
    ["overloaded_error", "overload"],
    ["RESOURCE_EXHAUSTED", "rate-limit"],
    // As other instrumentations name the SDK's classes.
    ["openai.RateLimitError", "rate-limit"],
    ["anthropic.OverloadedError", "overload"],
    ["openai.APITimeoutError", "timeout"],
    ["APIConnectionTimeoutError", "timeout"],
    ["APIConnectionError", "network"],
    ["BadRequestError", "request"],
    ["AuthenticationError", "auth"],
    ["PermissionDeniedError", "auth"],
    ["InternalServerError", "server"],
    ["litellm.exceptions.ContentPolicyViolationError", "content-policy"],
    ["google.api_core.exceptions.ResourceExhausted", "rate-limit"],
    ["botocore.errorfactory.ThrottlingException", "rate-limit"],
    ["ThrottlingException:http://internal.amazon.com/coral/", "rate-limit"],
    ["429", "rate-limit"],
    ["ValueError", "other"],
    ["_OTHER", "other"],
    ["", "other"],
  ])("%s is %s", (type, kind) => {
    expect(kindOf(null, "", [type])).toBe(kind);
  });

  it("a class that says more than its status does goes before it, one that says less does not", () => {
    expect(kindOf(500, "", ["RateLimitError"])).toBe("rate-limit");
    expect(kindOf(429, "", ["BadRequestError"])).toBe("rate-limit");
    expect(kindOf(429, "", ["APIStatusError"])).toBe("rate-limit");
  });
});

it("names no parameter that is none, whatever a message quotes", () => {
  const secret = {
    error: { message: "Invalid value: 'my password is hunter2'", param: "hunter2", code: "invalid_value" },
  };
  expect(readFailure(400, JSON.stringify(secret))).toEqual({
    kind: "request",
    fault: "unsupported-value",
    parameter: "",
  });
});
