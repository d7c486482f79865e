import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import OpenAI, { type APIError } from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeProvider, startFakeProvider } from "../../../demo/fake-provider.ts";
import { eventually } from "../eventually.ts";
import { hookedFetch } from "./chat-setup.ts";

const STEADY = { latencyMs: { median: 12, sigma: 0 }, words: { median: 40, sigma: 0 } };
const failing = (failure: 400 | 401 | 429 | 500 | "cut" | "hang") => ({
  ...STEADY,
  failures: [{ share: 1, failure }],
});
/** A new provider per run, with one seed, so that runs with and without the hook get the same answers. */
const start = (): Promise<FakeProvider> =>
  startFakeProvider({
    seed: 7,
    now: () => 1_700_000_000_000,
    models: {
      good: STEADY,
      long: { latencyMs: { median: 300, sigma: 0 }, words: { median: 4000, sigma: 0 } },
      "rate-limited": failing(429),
      broken: failing(500),
      cut: failing("cut"),
      hanging: failing("hang"),
    },
  });

interface Ask {
  readonly model: string;
  readonly messages: { role: "user"; content: string }[];
}
const ask = <More extends object>(model: string, more?: More): Ask & More =>
  ({ model, messages: [{ role: "user", content: "Where is my parcel?" }], ...more }) as Ask & More;
const WEATHER = {
  type: "function" as const,
  function: { name: "weather", parameters: { type: "object", properties: { city: { type: "string" } } } },
};

type Use = (client: OpenAI) => Promise<unknown>;

const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};
const textOf = async (stream: ReadableStream): Promise<string> => new Response(stream).text();
const create = (client: OpenAI, model: string, more: object = {}) =>
  client.chat.completions.create({ ...ask(model, more), stream: false });
const stream = (client: OpenAI, model: string, more: object = {}) =>
  client.chat.completions.create({ ...ask(model, more), stream: true });

interface Case {
  readonly use: Use;
  /** What the span's call must say. */
  readonly call: object;
}

const DONE = { errorType: null, httpStatus: 200 };
const CASES: Readonly<Record<string, Case>> = {
  "a plain call": {
    use: (client) => create(client, "good"),
    call: { ...DONE, firstContentMs: null, answer: { finishReasons: ["stop"], usage: { input: 13, reasoning: 0 } } },
  },
  "a plain call with a tool": {
    use: (client) => create(client, "good", { tools: [WEATHER] }),
    call: { ...DONE, answer: { finishReasons: ["tool_calls"], answer: { toolCalls: [{ name: "weather" }] } } },
  },
  "several choices": {
    use: (client) => create(client, "good", { n: 2 }),
    call: { ...DONE, answer: { finishReasons: ["stop", "stop"] } },
  },
  "parse()": {
    use: async (client) => {
      const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
      const format = { type: "json_schema" as const, json_schema: { name: "x", schema, strict: true } };
      return (await client.chat.completions.parse(ask("good", { response_format: format }))).choices[0]?.message;
    },
    call: { ...DONE, request: { asked: { json: true } }, answer: { complete: true } },
  },
  "withResponse()": {
    use: async (client) => {
      const { data, response, request_id } = await create(client, "good").withResponse();
      return [data, response.status, response.headers.get("content-type"), request_id];
    },
    call: { ...DONE, answer: { complete: true } },
  },
  "asResponse() read as JSON": {
    use: async (client) => (await create(client, "good").asResponse()).json(),
    call: { ...DONE, answer: { complete: true } },
  },
  "asResponse() of a stream, read as text": {
    use: async (client) => (await stream(client, "good").asResponse()).text(),
    call: { ...DONE, answer: { complete: true, finishReasons: ["stop"] } },
  },
  "a stream": {
    use: async (client) => collect(await stream(client, "good")),
    call: { ...DONE, firstContentMs: expect.any(Number), answer: { complete: true, usage: {} } },
  },
  "a stream with usage": {
    use: async (client) => collect(await stream(client, "good", { stream_options: { include_usage: true } })),
    call: { ...DONE, answer: { usage: { input: 13, output: expect.any(Number), cached: 0 } } },
  },
  "a stream with a tool": {
    use: async (client) => collect(await stream(client, "good", { tools: [WEATHER] })),
    call: {
      ...DONE,
      answer: { answer: { text: null, toolCalls: [{ name: "weather", arguments: '{"city":"1042"}' }] } },
    },
  },
  "the stream helper": {
    use: (client) => client.chat.completions.stream(ask("good")).finalChatCompletion(),
    call: { ...DONE, answer: { complete: true } },
  },
  "a teed stream": {
    use: async (client) => {
      const [left, right] = (await stream(client, "good")).tee();
      return [await collect(left), await collect(right)];
    },
    call: { ...DONE, answer: { complete: true } },
  },
  "toReadableStream()": {
    use: async (client) => textOf((await stream(client, "good")).toReadableStream()),
    call: { ...DONE, answer: { complete: true } },
  },
  "a loop that breaks early": {
    use: async (client) => {
      for await (const chunk of await stream(client, "long")) {
        if (chunk.choices[0]?.delta.content) return chunk;
      }
      return null;
    },
    call: { errorType: "aborted", httpStatus: 200, answer: { finishReasons: ["error"] } },
  },
  "a loop that breaks after the finish reason": {
    use: async (client) => {
      for await (const chunk of await stream(client, "good")) if (chunk.choices[0]?.finish_reason) return chunk;
      return null;
    },
    call: { ...DONE, answer: { finishReasons: ["stop"] } },
  },
  "an aborted call": {
    use: (client) => client.chat.completions.create(ask("hanging"), { signal: AbortSignal.timeout(30) }),
    call: { errorType: expect.stringMatching(/aborted|timeout/), httpStatus: null, answer: null },
  },
  "a call past the SDK's timeout": {
    use: (client) => client.chat.completions.create(ask("hanging"), { timeout: 1000 }),
    call: { errorType: "timeout", httpStatus: null },
  },
  "HTTP 429": {
    use: (client) => create(client, "rate-limited"),
    call: { errorType: "429", httpStatus: 429, answer: null },
  },
  "HTTP 500": { use: (client) => create(client, "broken"), call: { errorType: "500", httpStatus: 500 } },
  "an unknown model": { use: (client) => create(client, "nobody"), call: { errorType: "404", httpStatus: 404 } },
  "a refused parameter": {
    use: (client) => create(client, "good", { temperature: 9 }),
    call: { errorType: "400", httpStatus: 400 },
  },
  "a stream that is cut": {
    use: async (client) => collect(await stream(client, "cut")),
    call: { errorType: expect.stringMatching(/UND_ERR_SOCKET|TypeError|incomplete/), httpStatus: 200 },
  },
  "a plain answer that is cut": {
    use: (client) => create(client, "cut"),
    call: { errorType: expect.stringMatching(/UND_ERR_SOCKET|TypeError/), httpStatus: 200 },
  },
};

const outcome = async (use: Use, client: OpenAI): Promise<unknown> => {
  try {
    return { result: await use(client) };
  } catch (error) {
    const { name, message, status, code, cause } = error as APIError;
    return { name, message, status, code, cause: (cause as Error | undefined)?.message };
  }
};
const clientFor = (baseURL: string, fetch: typeof globalThis.fetch): OpenAI =>
  new OpenAI({ apiKey: "sk-test", baseURL, maxRetries: 0, fetch });

describe("the openai SDK on a hooked fetch", () => {
  it.each(Object.entries(CASES))("%s: same outcome, and one call recorded", async (_name, { use, call }) => {
    const [plain, observed] = [await start(), await start()];
    const hook = hookedFetch();
    try {
      const expected = await outcome(use, clientFor(plain.url, globalThis.fetch));
      const got = await outcome(use, clientFor(observed.url, hook.fetch));
      expect(got).toEqual(expected);
      hook.retries.release();
      expect(await hook.call()).toMatchObject(call);
      expect(hook.calls).toHaveLength(1);
      expect(hook.errors).toEqual([]);
    } finally {
      await Promise.all([plain.close(), observed.close()]);
    }
  });
});

describe("the hook", () => {
  let provider: FakeProvider;
  beforeAll(async () => {
    provider = await start();
  });
  afterAll(() => provider.close());

  it("records a refused connection", async () => {
    const gone = await start();
    await gone.close();
    const hook = hookedFetch();
    const expected = await outcome((client) => create(client, "good"), clientFor(gone.url, globalThis.fetch));
    expect(await outcome((client) => create(client, "good"), clientFor(gone.url, hook.fetch))).toEqual(expected);
    hook.retries.release();
    expect(await hook.call()).toMatchObject({ errorType: "ECONNREFUSED", httpStatus: null, answer: null });
  });

  it("adds nothing to the request", async () => {
    const sent: unknown[] = [];
    const hook = hookedFetch(async (input, init) => {
      sent.push(input, init);
      return Response.json({});
    });
    const init = { method: "POST", body: JSON.stringify({ ...ask("good"), stream: true }), headers: { a: "b" } };
    await hook.fetch("http://x.test/v1/chat/completions", init);
    expect(sent[0]).toBe("http://x.test/v1/chat/completions");
    expect(sent[1]).toBe(init);
    expect(init).toEqual({
      method: "POST",
      body: JSON.stringify({ ...ask("good"), stream: true }),
      headers: { a: "b" },
    });
  });

  it("ends a call whose stream is never read once it has been idle for long", async () => {
    const hook = hookedFetch();
    const unread = await stream(clientFor(provider.url, hook.fetch), "good");
    expect(hook.calls).toHaveLength(0);
    hook.open.abandonIdle(Number.POSITIVE_INFINITY);
    expect(await hook.call()).toMatchObject({ errorType: "aborted", httpStatus: 200 });
    expect((await collect(unread)).length).toBeGreaterThan(3);
    expect(hook.calls).toHaveLength(1);
  });

  it("ends a call whose stream the app dropped without reading it", async () => {
    setFlagsFromString("--expose-gc");
    const collect: () => void = runInNewContext("gc");
    const hook = hookedFetch();
    await (async () => void (await stream(clientFor(provider.url, hook.fetch), "long")))();
    await eventually(() => {
      collect();
      return hook.calls.length > 0;
    }, 20_000);
    expect(hook.calls).toMatchObject([{ errorType: "aborted", httpStatus: 200 }]);
  });

  it("times out a call whose provider stops sending in the middle of the answer", async () => {
    const hook = hookedFetch(async () => {
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('data: {"choices":[]}\n\n')),
      });
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    });
    const response = await hook.fetch("http://x.test/chat/completions", {
      method: "POST",
      body: JSON.stringify(ask("good")),
    });
    const reader = response.body?.getReader();
    await reader?.read();
    void reader?.read();
    await new Promise((resolve) => setImmediate(resolve));
    hook.open.abandonIdle(Number.POSITIVE_INFINITY);
    expect(await hook.call()).toMatchObject({ errorType: "timeout" });
  });

  it("lets the app go on, and stops observing, when something of ours breaks", async () => {
    const hook = hookedFetch();
    const client = clientFor(provider.url, hook.fetch);
    Object.assign(hook.open, { add: () => expect.fail("an error of ours") });
    const completion = await create(client, "good");
    expect(completion.choices[0]?.message.content).toBeTruthy();
    expect(hook.errors).toHaveLength(1);
    await create(client, "good");
    expect(hook.calls).toHaveLength(0);
    expect(hook.errors).toHaveLength(1);
  });
});
