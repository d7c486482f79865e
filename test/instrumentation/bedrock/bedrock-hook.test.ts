import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { ClientDouble, hookedBedrock, requestTo } from "./bedrock-client.ts";

const $metadata = { httpStatusCode: 200, requestId: "req-1", attempts: 1 };
const answered = {
  ...{ $metadata, stopReason: "end_turn", usage: { inputTokens: 5, outputTokens: 2 } },
  output: { message: { role: "assistant", content: [{ text: "hi" }] } },
};
const EVENTS: readonly object[] = [
  { messageStart: { role: "assistant" } },
  { contentBlockDelta: { contentBlockIndex: 0, delta: { text: "hi" } } },
  { messageStop: { stopReason: "end_turn" } },
  { metadata: { usage: { inputTokens: 5, outputTokens: 2 } } },
];

/** A stream as the AWS SDK makes it. */
const streamOf = (events: readonly object[], error?: Error): AsyncIterable<object> => ({
  async *[Symbol.asyncIterator]() {
    yield* events;
    if (error) throw error;
  },
});

const readAll = async (stream: AsyncIterable<object>): Promise<object[]> => {
  const events: object[] = [];
  for await (const event of stream) events.push(event);
  return events;
};

/** Sends one command through a client that the hook follows. */
const sent = (operation: string, output: object, more: { body?: unknown; model?: string } = {}) => {
  const hook = hookedBedrock();
  const client = new ClientDouble();
  hook.follow(client);
  const args = requestTo(operation, more.body, more.model);
  const result = client.send({ args, answer: async () => ({ response: {}, output }) }) as Promise<{ output: unknown }>;
  return { hook, client, result };
};

describe("a followed client", () => {
  it("records a plain answer and hands out the very object", async () => {
    const { hook, result } = sent("converse", answered, { body: { messages: [], inferenceConfig: { maxTokens: 9 } } });
    expect((await result).output).toBe(answered);
    expect(await hook.call()).toMatchObject({
      ...{ provider: "aws.bedrock", attempt: 0, httpStatus: 200, errorType: null, firstContentMs: null, stream: null },
      request: { operation: "chat", model: "anthropic.claude-x", attributes: { "gen_ai.request.max_tokens": 9 } },
      answer: { id: "req-1", usage: { input: 5, output: 2 }, finishReasons: ["stop"], answer: { text: "hi" } },
    });
    expect(hook.errors).toEqual([]);
  });

  it("records a stream as the app reads it; object, events and looks stay the same", async () => {
    const stream = streamOf(EVENTS);
    const before = inspect(stream);
    const { hook, result } = sent("converse-stream", { $metadata, stream });
    expect((await result).output).toMatchObject({ stream });
    expect(inspect(stream)).toBe(before);
    expect(hook.calls).toEqual([]);
    const events = await readAll(stream);
    expect(events).toEqual(EVENTS);
    expect(events.every((event, index) => event === EVENTS[index])).toBe(true);
    const call = await hook.call();
    expect(call).toMatchObject({
      errorType: null,
      stream: { chunks: 4 },
      answer: { id: "req-1", answer: { text: "hi" } },
    });
    expect(call.firstContentMs).toBeGreaterThanOrEqual(0);
  });

  it("records InvokeModel's bytes, plain and streamed", async () => {
    const message = { id: "m", type: "message", content: [{ type: "text", text: "hi" }], stop_reason: "end_turn" };
    const body = { anthropic_version: "bedrock-2023-05-31", max_tokens: 9, messages: [] };
    const bytes = new TextEncoder().encode(JSON.stringify(message));
    const plain = sent("invoke", { $metadata, body: bytes }, { body });
    expect((await plain.result).output).toMatchObject({ body: bytes });
    expect(await plain.hook.call()).toMatchObject({ errorType: null, answer: { id: "m", answer: { text: "hi" } } });
    const documents = [
      { type: "message_start", message: { id: "m" } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "hi" } },
      { type: "message_delta", delta: { stop_reason: "end_turn" } },
      { type: "message_stop" },
    ];
    const events = documents.map((document) => ({ chunk: { bytes: Buffer.from(JSON.stringify(document)) } }));
    const stream = streamOf(events);
    const streamed = sent("invoke-with-response-stream", { $metadata, body: stream }, { body });
    await streamed.result;
    expect(await readAll(stream)).toEqual(events);
    const call = await streamed.hook.call();
    expect(call).toMatchObject({ errorType: null, answer: { id: "m", complete: true, answer: { text: "hi" } } });
    expect(call.firstContentMs).not.toBeNull();
  });

  it("counts a call that the app broke off, and lets the stream know", async () => {
    let closed = false;
    const stream = {
      async *[Symbol.asyncIterator]() {
        try {
          yield* EVENTS;
        } finally {
          closed = true;
        }
      },
    };
    const { hook, result } = sent("converse-stream", { $metadata, stream });
    await result;
    for await (const _event of stream) break;
    expect(closed).toBe(true);
    expect(await hook.call()).toMatchObject({ errorType: "aborted", answer: { complete: false } });
  });

  it("counts a stream that ended early without an error as incomplete", async () => {
    const stream = streamOf(EVENTS.slice(0, 2));
    const { hook, result } = sent("converse-stream", { $metadata, stream });
    await result;
    await readAll(stream);
    expect((await hook.call()).errorType).toBe("incomplete");
  });

  it("counts a stream that failed, and throws the very error", async () => {
    const error = Object.assign(new Error("SECRET"), { name: "ModelStreamErrorException" });
    const stream = streamOf(EVENTS.slice(0, 2), error);
    const { hook, result } = sent("converse-stream", { $metadata, stream });
    await result;
    await expect(readAll(stream)).rejects.toBe(error);
    expect((await hook.call()).errorType).toBe("ModelStreamErrorException");
  });

  it("counts a stream that nobody reads", async () => {
    const { hook, result } = sent("converse-stream", { $metadata, stream: streamOf(EVENTS) });
    await result;
    hook.open.abandonIdle(Number.POSITIVE_INFINITY);
    expect(await hook.call()).toMatchObject({ errorType: "aborted", answer: { answer: null } });
  });

  it.each([
    ["a status", { name: "ThrottlingException", $metadata: { httpStatusCode: 429, attempts: 3 } }, "429", 429, 2],
    [
      "a refused connection",
      { cause: Object.assign(new Error(""), { code: "ECONNREFUSED" }) },
      "ECONNREFUSED",
      null,
      0,
    ],
    ["the app's own abort", { name: "AbortError" }, "aborted", null, 0],
    ["a timeout", { name: "TimeoutError", $metadata: { attempts: 2 } }, "timeout", null, 1],
    [
      "an answer that cannot be read",
      { name: "SyntaxError", $metadata: { httpStatusCode: 200 } },
      "SyntaxError",
      null,
      0,
    ],
  ])("counts %s as one call with all its attempts", async (_name, more, errorType, httpStatus, attempt) => {
    const error = Object.assign(new Error("SECRET"), more);
    const hook = hookedBedrock();
    const client = new ClientDouble();
    hook.follow(client);
    const result = client.send({ args: requestTo("converse"), answer: () => Promise.reject(error) });
    await expect(result).rejects.toBe(error);
    expect(await hook.call()).toMatchObject({ errorType, httpStatus, attempt, answer: null });
  });

  it.each([
    ["other operations", requestTo("count-tokens")],
    ["other methods", { request: { ...Reflect.get(requestTo("converse"), "request"), method: "GET" } }],
    ["bodies that are streams", { request: { ...Reflect.get(requestTo("converse"), "request"), body: {} } }],
    ["no request at all", { input: {} }],
    ["nothing", undefined],
  ])("leaves alone %s", async (_name, args) => {
    const hook = hookedBedrock();
    const client = new ClientDouble();
    hook.follow(client);
    const output = { output: answered };
    expect(await client.send({ args, answer: async () => output })).toBe(output);
    await new Promise((resolve) => setImmediate(resolve));
    expect([hook.calls, hook.errors]).toEqual([[], []]);
  });

  it("hands on what is no promise, and outputs of no known shape", async () => {
    const hook = hookedBedrock();
    const client = new ClientDouble();
    hook.follow(client);
    expect(client.send({ args: requestTo("converse"), answer: () => "mocked" })).toBe("mocked");
    for (const result of [undefined, {}, { output: null }, { output: {} }]) {
      expect(await client.send({ args: requestTo("converse"), answer: async () => result })).toBe(result);
    }
    expect(hook.errors).toEqual([]);
  });

  it("makes one call, also where the SDK was told to send it through fetch", async () => {
    const hook = hookedBedrock();
    const client = new ClientDouble();
    hook.follow(client);
    const answer = async () => {
      const url = "https://bedrock-runtime.eu-west-1.amazonaws.com/model/anthropic.claude-x/converse";
      await (await hook.fetch(url, { method: "POST", body: '{"messages":[]}' })).text();
      return { output: answered };
    };
    await client.send({ args: requestTo("converse"), answer });
    expect((await hook.call()).answer?.id).toBe("req-1");
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(hook.calls).toHaveLength(1);
  });

  it("is followed once, however often it is asked for", () => {
    const hook = hookedBedrock();
    const client = new ClientDouble();
    for (let times = 0; times < 3; times += 1) hook.follow(client);
    expect(client.added).toEqual([expect.objectContaining({ step: "build", name: "leewayMiddleware" })]);
  });

  it.each([[null], [undefined], ["client"], [{}], [{ middlewareStack: {} }]])("may be anything: %j", (client) => {
    const hook = hookedBedrock();
    hook.follow(client);
    expect(hook.errors).toEqual([]);
  });
});

describe("a loaded package", () => {
  const load = () => {
    class Client extends ClientDouble {}
    return { BedrockRuntimeClient: Client };
  };

  it("has all its clients followed, from their first call", async () => {
    const hook = hookedBedrock();
    const exports = load();
    hook.patch(exports);
    hook.patch(exports);
    const client = new exports.BedrockRuntimeClient();
    const result = client.send({ args: requestTo("converse"), answer: async () => ({ output: answered }) });
    expect(await result).toEqual({ output: answered });
    expect((await hook.call()).answer?.id).toBe("req-1");
    expect(client.added).toHaveLength(1);
    expect(new ClientDouble().send).toBe(ClientDouble.prototype.send);
  });

  it.each([[null], [{}], [{ BedrockRuntimeClient: 1 }], [{ BedrockRuntimeClient: () => 1 }]])(
    "may be anything: %s",
    (exports) => {
      const hook = hookedBedrock();
      hook.patch(exports);
      expect(hook.errors).toEqual([]);
    },
  );
});
