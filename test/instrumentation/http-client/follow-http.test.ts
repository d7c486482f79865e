import { type ClientRequest, type IncomingMessage, type RequestOptions, request } from "node:http";
import { pipeline, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { followHttp } from "../../../instrumentation/http-client/follow-http.ts";
import { eventually } from "../eventually.ts";
import { hookedFetch } from "../fetch/chat-setup.ts";
import { type ChatServer, chatBody, startChatServer } from "./chat-server.ts";

const { observer, calls, callOf, errors } = hookedFetch();
followHttp(observer);

let server: ChatServer;
beforeAll(async () => {
  server = await startChatServer();
});
afterAll(() => server.close());

const open = (options: RequestOptions = {}): ClientRequest =>
  request(`${server.url}/v1/chat/completions`, { method: "POST", ...options });

const answerTo = (asked: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    asked.once("response", resolve).once("error", reject);
  });

const ask = async (
  model: string,
  send: (asked: ClientRequest) => void = (asked) => asked.end(chatBody(model)),
): Promise<string> => {
  const asked = open();
  const answer = answerTo(asked);
  send(asked);
  return text(await answer);
};

describe("a model call over node:http", () => {
  it.each<[string, (asked: ClientRequest, body: string) => void]>([
    ["in one piece", (asked, body) => void asked.end(body)],
    [
      "in pieces that cut a character",
      (asked, body) => {
        const bytes = Buffer.from(body);
        const at = bytes.indexOf("ü") + 1;
        asked.write(bytes.subarray(0, at));
        asked.end(bytes.subarray(at));
      },
    ],
    ["in base64", (asked, body) => void asked.end(Buffer.from(body).toString("base64"), "base64")],
    ["as bytes", (asked, body) => void asked.end(new Uint8Array(Buffer.from(body)))],
    ["through a pipe", (asked, body) => void Readable.from([body.slice(0, 9), body.slice(9)]).pipe(asked)],
    ["through a pipeline", (asked, body) => pipeline(Readable.from([Buffer.from(body)]), asked, () => {})],
    [
      "after what it writes, with callbacks",
      (asked, body) => {
        asked.write(body, "utf8", () => asked.end(() => {}));
      },
    ],
  ])("is read when it is sent %s", async (way, send) => {
    const model = `plain ${way}`;
    const body = chatBody(model);
    expect(JSON.parse(await ask(model, (asked) => send(asked, body))).id).toBe(`id-${model}`);
    expect(server.bodies.get(model)?.toString()).toBe(body);
    expect(await callOf(model)).toMatchObject({
      ...{ httpStatus: 200, errorType: null, provider: "openai", attempt: 0, stream: null },
      answer: { id: `id-${model}`, usage: { input: 11, output: 7 }, answer: { text: "grüße ✓" } },
    });
  });

  it("is read where the request is packed", async () => {
    const asked = open({ headers: { "Content-Encoding": "gzip" } });
    const answer = answerTo(asked);
    asked.end(gzipSync(chatBody("packed request")));
    await text(await answer);
    expect(await callOf("packed request")).toMatchObject({ httpStatus: 200, errorType: null });
  });

  it.each(["gzip", "br", "deflate"])("is read where the answer is packed: %s", async (packing) => {
    for (const model of [`${packing} plain`, `${packing} stream`]) {
      await ask(model);
      expect(await callOf(model)).toMatchObject({
        ...{ errorType: null, firstContentMs: null },
        answer: { answer: { text: "grüße ✓" }, complete: true },
      });
    }
  });

  it("has the times of a stream, and what it says", async () => {
    expect(await ask("stream")).toContain("[DONE]");
    const { answer, stream, firstContentMs, durationMs, errorType } = await callOf("stream");
    expect(answer).toMatchObject({ answer: { text: "grüße ✓", finishReason: "stop" }, complete: true });
    expect(errorType).toBeNull();
    expect(stream?.chunks).toBeGreaterThan(1);
    expect(firstContentMs).toBeGreaterThan(0);
    expect(firstContentMs).toBeLessThanOrEqual(durationMs);
  });

  it.each<[string, string, (response: IncomingMessage) => Promise<unknown>]>([
    [
      "a paused stream",
      "stream paused",
      async (response) => {
        response.pause();
        response.setEncoding("utf8");
        response.resume();
        return text(response);
      },
    ],
    ["reads by hand", "stream by hand", (response) => readByHand(response)],
    [
      "an iteration",
      "stream iterated",
      async (response) => {
        for await (const _part of response);
      },
    ],
  ])("does not change how it is read: %s", async (_name, model, read) => {
    const asked = open();
    const answer = answerTo(asked);
    asked.end(chatBody(model));
    const response = await answer;
    expect([response.readableFlowing, response.listenerCount("data"), response.listenerCount("readable")]).toEqual([
      ...[null, 0, 0],
    ]);
    expect(Object.keys(asked).includes("emit") || Object.keys(response).includes("push")).toBe(false);
    await read(response);
    expect((await callOf(model)).answer?.answer?.text).toBe("grüße ✓");
  });

  it("fails with the status, the network's error, or the app's own", async () => {
    await ask("fails");
    expect(await callOf("fails")).toMatchObject({ httpStatus: 503, errorType: "503", answer: null });

    await expect(ask("stream cut")).rejects.toThrow();
    expect(await callOf("stream cut")).toMatchObject({ errorType: "ECONNRESET", answer: { complete: false } });

    const refused = request("http://127.0.0.1:2/v1/chat/completions", { method: "POST" });
    const failure = answerTo(refused);
    refused.end(chatBody("refused"));
    await expect(failure).rejects.toThrow();
    expect(await callOf("refused")).toMatchObject({ errorType: "ECONNREFUSED", httpStatus: null });
  });

  it.each<[string, string, (asked: ClientRequest) => void, string]>([
    ["destroys it", "silent destroyed", (asked) => void asked.destroy(), "aborted"],
    ["destroys it with an error", "silent with an error", (asked) => void asked.destroy(new Error("x")), "aborted"],
    ["aborts it the old way", "silent aborted", (asked) => asked.abort(), "aborted"],
    [
      "waits no longer",
      "silent timed out",
      (asked) => void asked.setTimeout(20, () => asked.destroy(new Error("x"))),
      "timeout",
    ],
    [
      "has a timer of its own",
      "silent own timer",
      (asked) => void asked.destroy(Object.assign(new Error("x"), { name: "TimeoutError" })),
      "timeout",
    ],
  ])("ends as %s", async (_name, model, give, errorType) => {
    const asked = open();
    const answer = answerTo(asked);
    asked.end(chatBody(model));
    await eventually(() => server.bodies.get(model));
    give(asked);
    await expect(answer).rejects.toThrow();
    expect(await callOf(model)).toMatchObject({ errorType, answer: null });
  });

  it("ends where the app stops reading", async () => {
    const asked = open();
    const answer = answerTo(asked);
    asked.end(chatBody("stream hangs"));
    for await (const part of await answer) if (String(part).includes("ße")) break;
    expect(await callOf("stream hangs")).toMatchObject({ errorType: "aborted", answer: { complete: false } });
    const signal = new AbortController();
    const other = open({ signal: signal.signal });
    const second = answerTo(other);
    other.end(chatBody("stream hangs aborted"));
    const response = await second;
    signal.abort();
    await expect(text(response)).rejects.toThrow();
    expect((await callOf("stream hangs aborted")).errorType).toBe("aborted");
  });

  it("is one call with its retries, as those of fetch are", async () => {
    const headers = (attempt: number) => ({ "x-stainless-retry-count": String(attempt), "idempotency-key": "k" });
    for (const attempt of [0, 1]) {
      const asked = open({ headers: headers(attempt) });
      const answer = answerTo(asked);
      asked.end(chatBody("fails and is tried again"));
      await text(await answer);
    }
    expect(await callOf("fails and is tried again")).toMatchObject({ attempt: 1, errorType: "503" });
    expect(calls.filter((call) => call.request.model === "fails and is tried again")).toHaveLength(1);
  });

  it("is none where it is redirected, inside another call, or no model's", async () => {
    const before = calls.length;
    await ask("moved");
    await observer.inside(() => ask("inside"));
    const asked = request(`${server.url}/v1/other`, { method: "POST" });
    expect(Object.getOwnPropertyDescriptor(asked, "write")).toBeUndefined();
    const answer = answerTo(asked);
    asked.end(chatBody("other"));
    await text(await answer);
    await ask("last");
    await callOf("last");
    expect(calls.slice(before).map((call) => call.request.model)).toEqual(["last"]);
  });

  it("leaves a response without a listener to Node, and an error without one to the process", async () => {
    const asked = open();
    asked.end(chatBody("nobody listens"));
    await promisify((done: (error: Error | null) => void) => asked.once("close", () => done(null)))();
    expect((await callOf("nobody listens")).httpStatus).toBe(200);
    const unheard = open();
    expect(() => unheard.emit("error", new RangeError("x"))).toThrow(RangeError);
    unheard.once("error", () => {}).destroy();
  });

  it("has given no error of ours", () => {
    expect(errors).toEqual([]);
  });
});

const readByHand = (response: IncomingMessage): Promise<void> =>
  new Promise((resolve) => {
    response.on("readable", () => {
      while (response.read(3) !== null);
      if (response.readableLength > 0) response.read();
    });
    response.once("end", resolve);
  });

describe("an app that reads slowly", () => {
  it("holds the sender up as it does without us", async () => {
    const asked = open();
    const answer = answerTo(asked);
    asked.end(chatBody("stream slow"));
    const response = await answer;
    const { highWaterMark } = { highWaterMark: response.readableHighWaterMark };
    // The value Node stops reading by is the one the stream itself gives.
    expect(response.push(Buffer.alloc(highWaterMark + 1, "\n"))).toBe(false);
    response.destroy();
    expect((await callOf("stream slow")).errorType).toBe("aborted");
  });
});
