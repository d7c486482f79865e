import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { isHooked } from "../../../instrumentation/fetch/fetch-hook.ts";
import { shareHook } from "../../../instrumentation/shared-hook.ts";
import { wrapFetch } from "../../../instrumentation/wrap-fetch.ts";
import { listen } from "../otlp-receiver.ts";
import { type HookedFetch, hookedFetch } from "./chat-setup.ts";

type Fetch = typeof globalThis.fetch;

const BODY = JSON.stringify({
  ...{ id: "c1", model: "m" },
  choices: [{ index: 0, message: { role: "assistant", content: "hello" }, finish_reason: "stop" }],
});
const REQUEST = { method: "POST", body: '{"model":"m","messages":[]}' };
const PLACE = "http://x.test/chat/completions";
const answering: Fetch = async () => new Response(BODY, { headers: { "content-type": "application/json" } });
const settled = async (hook: HookedFetch) => {
  hook.retries.release();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(hook.errors).toEqual([]);
  return hook.calls;
};

/** What another implementation of fetch answers with: like Node's Response, but not of its class. */
const ForeignResponse = class Response {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ReadableStream | null;
  constructor(body: ReadableStream | null, init: { status: number; headers: Headers }) {
    this.status = init.status;
    this.headers = init.headers;
    this.body = body;
  }
  get ok() {
    return this.status < 300;
  }
  text() {
    return new globalThis.Response(this.body).text();
  }
  clone() {
    return this;
  }
};

describe("a mocked fetch", () => {
  it.each([
    ["nothing", undefined],
    ["a response without a promise", new Response("{}")],
    // biome-ignore lint/suspicious/noThenProperty: that is the point.
    ["a thenable that is no promise", { then: () => "kept" }],
  ])("that returns %s is passed through", async (_name, value) => {
    const hook = hookedFetch((() => value) as unknown as Fetch);
    expect(hook.fetch(PLACE, REQUEST) as unknown).toBe(value);
    expect(await settled(hook)).toEqual([]);
  });

  it("that throws instead of rejecting throws, and is a failed call", async () => {
    const hook = hookedFetch(() => {
      throw new RangeError("mocked");
    });
    expect(() => hook.fetch(PLACE, REQUEST)).toThrow("mocked");
    expect(await settled(hook)).toMatchObject([{ errorType: "RangeError" }]);
  });

  it.each([
    ["null", null],
    ["an object that is no response", { ok: true, json: async () => ({}) }],
    ["an error that is no response", { ok: false, status: 500 }],
    [
      "a response with a body of another kind",
      { ok: true, status: 200, body: { pipe: () => {} }, headers: new Headers() },
    ],
  ])("that resolves to %s gives the app just that", async (_name, value) => {
    const hook = hookedFetch(async () => value as Response);
    expect(await hook.fetch(PLACE, REQUEST)).toBe(value);
    hook.retries.release();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(hook.errors).toEqual([]);
  });

  it("that answers with a subclass of Response still does", async () => {
    class Mocked extends Response {
      readonly mocked = true;
      get kind() {
        return `mocked ${this.status}`;
      }
    }
    const hook = hookedFetch(async () => new Mocked(BODY));
    const response = await hook.fetch(PLACE, REQUEST);
    expect(response).toBeInstanceOf(Mocked);
    expect((response as Mocked).kind).toBe("mocked 200");
    expect(await response.json()).toMatchObject({ id: "c1" });
    expect(await hook.call()).toMatchObject({ errorType: null, answer: { id: "c1" } });
  });

  it("that answers with another class of its own still does, and its answer is read", async () => {
    const native = () => new ForeignResponse(new Response(BODY).body, { status: 200, headers: new Headers() });
    const hook = hookedFetch((async () => native()) as unknown as Fetch);
    const response = await hook.fetch(PLACE, REQUEST);
    expect(response).toBeInstanceOf(ForeignResponse);
    expect(await response.text()).toBe(BODY);
    expect(await hook.call()).toMatchObject({ errorType: null, answer: { id: "c1" } });
  });
});

describe("a response that cannot be made a second time", () => {
  const Once = class Response extends ForeignResponse {
    constructor(body: ReadableStream | null, init: { status: number; headers: Headers; first?: boolean }) {
      if (!init.first) throw new RangeError("made once only");
      super(body, init);
    }
  };
  it.each([
    ["its text", (response: Response) => response.text()],
    ["its body", (response: Response) => new Response(response.body).text()],
  ])("is the app's own to read: %s", async (_name, read) => {
    const init = { status: 200, headers: new Headers(), first: true };
    const hook = hookedFetch((async () => new Once(new Response(BODY).body, init)) as unknown as Fetch);
    expect(await read(await hook.fetch(PLACE, REQUEST))).toBe(BODY);
    expect(hook.errors).toMatchObject([{ message: "made once only" }]);
  });
});

describe("wrapFetch", () => {
  afterEach(() => {
    Reflect.deleteProperty(globalThis, Symbol.for("leeway.hook"));
  });

  const share = (hook: HookedFetch): void =>
    shareHook({ wrapFetch: (fetch: Fetch) => (isHooked(fetch) ? fetch : hook.hook(fetch, { nested: true })) } as never);

  it("returns what it was given while the preload is not loaded", () => {
    expect(wrapFetch(answering)).toBe(answering);
    expect(wrapFetch(undefined)).toBeUndefined();
  });

  it("makes the calls of a custom fetch visible, and keeps it as it is", async () => {
    const hook = hookedFetch();
    share(hook);
    const custom: Fetch = async function custom(input, init) {
      return answering(input, init);
    };
    const wrapped = wrapFetch(custom);
    expect([wrapped.name, wrapped.length]).toEqual(["custom", 2]);
    expect(wrapFetch(wrapped)).toBe(wrapped);
    await (await wrapped(PLACE, REQUEST)).json();
    expect(await settled(hook)).toMatchObject([{ answer: { id: "c1" } }]);
  });
});

describe("a custom fetch around the global one", () => {
  let provider: { url: string; close: () => Promise<void> };
  beforeAll(async () => {
    provider = await listen((incoming, response) => {
      const [status, body] = incoming.url?.startsWith("/down") ? [500, "{}"] : [200, BODY];
      response.writeHead(status, { "content-type": "application/json" }).end(body);
    });
  });
  afterAll(() => provider.close());

  const ask = (fetch: Fetch) =>
    new OpenAI({ apiKey: "sk-test", baseURL: provider.url, maxRetries: 0, fetch }).chat.completions.create({
      model: "m",
      messages: [{ role: "user", content: "hi" }],
    });

  it("makes one span when it is wrapped, although both are", async () => {
    const hook = hookedFetch();
    const custom: Fetch = async (input, init) => {
      await new Promise((resolve) => setImmediate(resolve));
      return hook.fetch(input, init);
    };
    expect((await ask(hook.hook(custom, { nested: true }))).id).toBe("c1");
    expect(await settled(hook)).toMatchObject([{ errorType: null, answer: { id: "c1" } }]);
  });

  it("makes one span when it tries another provider by itself", async () => {
    const hook = hookedFetch();
    const custom: Fetch = async (_input, init) => {
      const first = await hook.fetch(`${provider.url}/down/chat/completions`, init);
      return first.ok ? first : hook.fetch(`${provider.url}/chat/completions`, init);
    };
    await ask(hook.hook(custom, { nested: true }));
    expect(await settled(hook)).toMatchObject([{ errorType: null, answer: { id: "c1" } }]);
  });

  it("leaves calls made afterwards, outside of it, alone", async () => {
    const hook = hookedFetch();
    await ask(hook.hook((input, init) => hook.fetch(input, init), { nested: true }));
    await ask(hook.fetch);
    expect(await settled(hook)).toHaveLength(2);
  });
});
