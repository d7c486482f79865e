import OpenAI from "openai";
import { afterEach, describe, expect, it } from "vitest";
import { withCohort } from "../../../instrumentation/context.ts";
import { listen } from "../otlp-receiver.ts";
import { type HookedFetch, hookedFetch } from "./chat-setup.ts";

type Step = readonly [status: number, headers?: Record<string, string>] | "drop" | "hang";

const OK = JSON.stringify({
  ...{ id: "c1", model: "m", object: "chat.completion" },
  choices: [{ index: 0, message: { role: "assistant", content: "hello" }, finish_reason: "stop" }],
});
const SOON = { "retry-after-ms": "5" };

/** A provider whose answer depends on the number of the attempt alone. */
const provider = async (...steps: Step[]) => {
  const counts: string[] = [];
  const server = await listen(async (incoming, response) => {
    const count = String(incoming.headers["x-stainless-retry-count"]);
    counts.push(count);
    const step = steps[Number(count)] ?? ([200] as const);
    if (step === "hang") return;
    if (step === "drop") return void response.destroy();
    for await (const _part of incoming);
    const [status, headers] = step;
    const body = status === 200 ? OK : '{"error":{"message":"by design"}}';
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
  });
  closers.push(server.close);
  return { ...server, counts };
};
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

const ask = (url: string, hook: HookedFetch, more: { maxRetries?: number; timeout?: number } = {}, text = "hi") =>
  new OpenAI({ apiKey: "sk-test", baseURL: url, fetch: hook.fetch, ...more }).chat.completions.create({
    model: "m",
    messages: [{ role: "user", content: text }],
  });
/** Everything recorded once nothing is held back any more. */
const settled = async (hook: HookedFetch) => {
  hook.retries.release();
  await new Promise((resolve) => setImmediate(resolve));
  expect(hook.errors).toEqual([]);
  return hook.calls;
};

describe("the openai SDK's retries", () => {
  it("are one call: from the first request to the last byte, with the last outcome", async () => {
    const { url, counts } = await provider([429, SOON], [503, SOON]);
    const hook = hookedFetch();
    const before = performance.now();
    await withCohort("canary", () => ask(url, hook));
    const took = performance.now() - before;
    expect(counts).toEqual(["0", "1", "2"]);
    const calls = await settled(hook);
    expect(calls).toMatchObject([
      { attempt: 2, errorType: null, httpStatus: 200, context: { cohort: "canary" }, answer: { id: "c1" } },
    ]);
    // Two waits of 5 ms and three requests, not just the last one.
    expect(calls[0]?.durationMs).toBeGreaterThan(10);
    expect(calls[0]?.durationMs).toBeLessThanOrEqual(took);
  });

  it("tell what was lost between them, and whether the provider's wish was kept", async () => {
    const { url } = await provider([429, { "retry-after-ms": "40" }], [500, SOON]);
    const hook = hookedFetch();
    await ask(url, hook);
    const [call] = await settled(hook);
    expect(call).toMatchObject({ attempt: 2, failure: null, retries: { throttled: 1, kept: true } });
    expect(call?.retries?.waitMs).toBeGreaterThanOrEqual(40);
    expect(call?.retries?.waitMs).toBeLessThan(call?.durationMs ?? 0);
  });

  it("that were given up say what the last one failed of", async () => {
    const { url } = await provider([429, SOON], [529, SOON], [529, SOON]);
    const hook = hookedFetch();
    await expect(ask(url, hook)).rejects.toThrow("529");
    expect(await settled(hook)).toMatchObject([
      { attempt: 2, failure: { kind: "overload" }, retries: { throttled: 3, kept: true } },
    ]);
  });

  it("that all fail are one failed call", async () => {
    const { url, counts } = await provider([429, SOON], [500, SOON], [502, SOON]);
    const hook = hookedFetch();
    await expect(ask(url, hook)).rejects.toThrow("502");
    expect(counts).toHaveLength(3);
    expect(hook.calls).toEqual([]);
    expect(await settled(hook)).toMatchObject([{ attempt: 2, errorType: "502", httpStatus: 502 }]);
  });

  it("after a broken connection and a timeout are one call as well", async () => {
    const { url } = await provider("drop", "hang", [200]);
    const hook = hookedFetch();
    await ask(url, hook, { timeout: 1000 });
    expect(await settled(hook)).toMatchObject([{ attempt: 2, errorType: null }]);
  }, 15_000);

  it("come by themselves when no more follow", async () => {
    const { url } = await provider([500]);
    const hook = hookedFetch();
    await expect(ask(url, hook, { maxRetries: 0 })).rejects.toThrow("500");
    expect(await hook.call()).toMatchObject({ attempt: 0, errorType: "500" });
    expect(await settled(hook)).toHaveLength(1);
  });

  it("are not waited for after an error that is not retried", async () => {
    const { url } = await provider([400]);
    const hook = hookedFetch();
    await expect(ask(url, hook)).rejects.toThrow("400");
    await new Promise((resolve) => setImmediate(resolve));
    expect(hook.calls).toMatchObject([{ attempt: 0, errorType: "400" }]);
  });

  it("of calls made at the same time stay apart: one span per call, different questions or the same", async () => {
    const { url, counts } = await provider([429, SOON]);
    const hook = hookedFetch();
    const questions = ["a", "b", "same", "same", "same", "c"];
    await Promise.all(questions.map((text) => ask(url, hook, {}, text)));
    expect(counts.filter((count) => count === "1")).toHaveLength(6);
    const calls = await settled(hook);
    expect(calls.map(({ attempt, errorType }) => [attempt, errorType])).toEqual(Array(6).fill([1, null]));
    const ids = calls.map(({ context }) => context.identity?.spanId);
    expect(new Set(ids).size).toBe(6);
  });
});

describe("a request that is refused", () => {
  const refusal = {
    error: {
      message: "Unsupported parameter: 'max_tokens'",
      type: "invalid_request_error",
      param: "max_tokens",
      code: "unsupported_parameter",
    },
  };
  const refusing = async (body: string, headers: Record<string, string> = {}) => {
    const server = await listen(async (incoming, response) => {
      for await (const _part of incoming);
      response.writeHead(400, { "content-type": "application/json", ...headers }).end(body);
    });
    closers.push(server.close);
    return server.url;
  };

  it("is told with the parameter, from what the SDK read of the answer", async () => {
    const hook = hookedFetch();
    const url = await refusing(JSON.stringify(refusal));
    await expect(ask(url, hook)).rejects.toThrow("Unsupported parameter: 'max_tokens'");
    const failure = { kind: "request", fault: "unsupported-parameter", parameter: "max_tokens" };
    expect(await hook.call()).toMatchObject({
      errorType: "400",
      failure,
      retries: { waitMs: 0, throttled: 0, kept: null },
    });
  });

  it("is told by its status where nobody reads the answer, or it is a page", async () => {
    const hook = hookedFetch();
    const url = await refusing("<html>tool_choice with thinking</html>", { "content-type": "text/html" });
    const init = { method: "POST", body: JSON.stringify({ model: "m", messages: [] }) };
    const response = await hook.fetch(`${url}/chat/completions`, init);
    expect(await hook.call()).toMatchObject({
      errorType: "400",
      failure: { kind: "request", fault: null, parameter: "" },
      retries: null,
    });
    expect(await response.text()).toContain("tool_choice");
    expect(response.status).toBe(400);
  });
});
