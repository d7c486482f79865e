import { channel } from "node:diagnostics_channel";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { followUndici } from "../../../instrumentation/undici/follow-undici.ts";
import { undiciHeaders } from "../../../instrumentation/undici/undici-headers.ts";
import { hookedFetch } from "../fetch/chat-setup.ts";
import { type ChatServer, chatBody, startChatServer } from "../http-client/chat-server.ts";

const { observer, calls, callOf, errors, hook } = hookedFetch();
const unread: string[] = [];
followUndici(observer, (client) => void unread.push(client));

let server: ChatServer;
beforeAll(async () => {
  server = await startChatServer();
});
afterAll(() => server.close());

// Node's fetch is an undici as well, and not hooked here.
const ask = (model: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${server.url}/v1/chat/completions`, { method: "POST", body: chatBody(model), ...init });

describe("a model call by undici", () => {
  it.each<[string, (body: string) => RequestInit]>([
    ["a text", (body) => ({ body })],
    ["bytes", (body) => ({ body: Buffer.from(body) })],
    ["a Blob", (body) => ({ body: new Blob([body]) })],
    ["gzip", (body) => ({ body: gzipSync(body), headers: { "content-encoding": "gzip" } })],
  ])("is read when its body is %s", async (way, init) => {
    const model = `plain ${way}`;
    expect(await (await ask(model, init(chatBody(model)))).json()).toMatchObject({ id: `id-${model}` });
    expect(await callOf(model)).toMatchObject({
      ...{ httpStatus: 200, errorType: null, provider: "openai", attempt: 0 },
      answer: { id: `id-${model}`, usage: { input: 11, output: 7 }, answer: { text: "grüße ✓" } },
    });
  });

  it("is read when its answer is a stream, packed or not", async () => {
    for (const model of ["stream", "gzip stream", "br plain"]) {
      await (await ask(model)).text();
      expect(await callOf(model)).toMatchObject({
        ...{ errorType: null },
        answer: { answer: { text: "grüße ✓" }, complete: true },
      });
    }
    const { stream, firstContentMs } = await callOf("stream");
    expect(stream?.chunks).toBeGreaterThan(1);
    expect(firstContentMs).toBeGreaterThan(0);
  });

  it("ends as it ends for the app", async () => {
    await (await ask("fails")).text();
    expect(await callOf("fails")).toMatchObject({ errorType: "503", httpStatus: 503 });
    await expect((await ask("stream cut")).text()).rejects.toThrow();
    expect((await callOf("stream cut")).errorType).not.toBeNull();
    const controller = new AbortController();
    const response = await ask("stream hangs", { signal: controller.signal });
    controller.abort();
    await expect(response.text()).rejects.toThrow();
    expect((await callOf("stream hangs")).errorType).toBe("aborted");
    await expect(ask("silent", { signal: AbortSignal.timeout(30) })).rejects.toThrow();
    expect((await callOf("silent")).errorType).toBe("timeout");
  });

  it("is one call where a hooked fetch makes it, and none where it is redirected or no model's", async () => {
    const hooked = hook(fetch, { nested: true });
    const init = { method: "POST", body: chatBody("hooked") };
    await (await hooked(`${server.url}/v1/chat/completions`, init)).json();
    await ask("moved", { redirect: "manual" });
    await (await fetch(`${server.url}/v1/other`, { method: "POST", body: chatBody("other") })).text();
    await (await ask("last")).text();
    await callOf("last");
    const since = calls.map((call) => call.request.model);
    expect(since.filter((model) => model === "hooked")).toHaveLength(1);
    expect(since).not.toContain("moved");
    expect(since).not.toContain("other");
  });

  it("has headers in the ways of undici's versions", () => {
    const wanted = [
      ["content-type", "text/plain"],
      ["x-a", "1, 2"],
    ];
    const lists = [Buffer.from("Content-Type"), Buffer.from("text/plain"), "x-a", ["1", "2"]];
    expect([...undiciHeaders(lists)]).toEqual(wanted);
    expect([...undiciHeaders("content-type: text/plain\r\nx-a: 1, 2\r\n")]).toEqual(wanted);
    expect([...undiciHeaders(undefined)]).toEqual([]);
  });

  it("that tells of no bodies is told as one, and its call has no answer", async () => {
    const body = Buffer.from(chatBody("older"));
    const request = { method: "POST", origin: server.url, path: "/v1/chat/completions", headers: "", body };
    const publish = (name: string, more: object = {}): void => channel(name).publish({ request, ...more });
    publish("undici:request:create");
    publish("undici:request:headers", {
      response: { statusCode: 200, headers: ["content-type", "text/event-stream"] },
    });
    expect(unread).toEqual([]);
    publish("undici:request:trailers");
    expect(await callOf("older")).toMatchObject({ httpStatus: 200, errorType: null, answer: null });
    expect(unread).toEqual(["undici before 7.12"]);
  });

  it("has given no error of ours", () => {
    expect(errors).toEqual([]);
  });
});
