import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createRequestMatcher } from "../../../instrumentation/fetch/match-request.ts";
import { hookedFetch } from "./chat-setup.ts";

const BODY = JSON.stringify({ model: "m", messages: [] });
const POST = { method: "POST", body: BODY };
const CHAT = "https://api.openai.com/v1/chat/completions";

const matchRequest = createRequestMatcher();

describe("the matcher of requests", () => {
  it.each([
    ["OpenAI", "https://api.openai.com/v1/chat/completions", POST],
    ["a proxy below a path", "http://gateway.internal:4000/llm/openai/v1/chat/completions", POST],
    ["Azure", "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21", POST],
    ["a trailing slash", "https://api.groq.com/openai/v1/chat/completions/", POST],
    ["a URL object", new URL("https://api.openai.com/v1/chat/completions"), POST],
    ["a lower-case method", "https://api.openai.com/v1/chat/completions", { ...POST, method: "post" }],
    ["bytes", "https://api.openai.com/v1/chat/completions", { ...POST, body: new TextEncoder().encode(BODY) }],
    ["a DataView", CHAT, { ...POST, body: new DataView(new TextEncoder().encode(BODY).buffer) }],
    ["a view into more bytes", CHAT, { ...POST, body: Buffer.from(`..${BODY}..`).subarray(2, -2) }],
    ["an ArrayBuffer", CHAT, { ...POST, body: new TextEncoder().encode(BODY).buffer }],
    ["a Blob", CHAT, { ...POST, body: new Blob([BODY]) }],
    ["gzip", CHAT, { ...POST, body: gzipSync(BODY), headers: { "Content-Encoding": "gzip" } }],
    ["brotli", CHAT, { ...POST, body: brotliCompressSync(BODY), headers: { "Content-Encoding": "br" } }],
    ["deflate", CHAT, { ...POST, body: deflateSync(BODY), headers: { "CONTENT-ENCODING": "deflate" } }],
    ["zstd", CHAT, { ...POST, body: zstdCompressSync(BODY), headers: new Headers({ "content-encoding": "zstd" }) }],
    ["a Blob in gzip", CHAT, { ...POST, body: new Blob([gzipSync(BODY)]), headers: { "content-encoding": "gzip" } }],
    ["a Request", new Request("https://api.mistral.ai/v1/chat/completions", POST), undefined],
    ["a Request with another body", new Request("https://x.test/chat/completions", POST), { body: BODY }],
  ])("knows %s", async (_name, input, init) => {
    expect(await matchRequest(input, init)?.body).toBe(BODY);
  });

  it.each([
    ["another endpoint", "https://api.openai.com/v1/images/generations", POST],
    ["a page about it", "https://docs.test/chat/completions/guide", POST],
    ["a query that names it", "https://docs.test/search?q=/chat/completions", POST],
    ["GET, which lists stored completions", "https://api.openai.com/v1/chat/completions", undefined],
    ["a form", "https://api.openai.com/v1/chat/completions", { method: "POST", body: new FormData() }],
  ])("leaves alone %s", (_name, input, init) => {
    expect(matchRequest(input, init)).toBeNull();
  });

  it("reads headers in every form fetch takes", () => {
    const forms: RequestInit[] = [
      { ...POST, headers: { "x-a": "1" } },
      { ...POST, headers: [["x-a", "1"]] },
      { ...POST, headers: new Headers({ "x-a": "1" }) },
    ];
    for (const init of forms) expect(matchRequest("http://x/chat/completions", init)?.headers.get("x-a")).toBe("1");
  });
});

describe("a hooked fetch", () => {
  it("sends a Request's body although it has looked at it", async () => {
    let sent = "";
    const hook = hookedFetch(async (input) => {
      sent = await (input as Request).text();
      return Response.json({ id: "c", choices: [] });
    });
    const response = await hook.fetch(new Request("https://api.mistral.ai/v1/chat/completions", POST));
    await response.json();
    expect(sent).toBe(BODY);
    expect((await hook.call()).request.model).toBe("m");
  });

  it.each([
    ["no messages", { model: "m" }],
    ["no model", { messages: [] }],
    ["no object", [1]],
  ])("records nothing for a body with %s", async (_name, body) => {
    const hook = hookedFetch(async () => Response.json({}));
    await (await hook.fetch("http://x.test/chat/completions", { method: "POST", body: JSON.stringify(body) })).text();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(hook.calls).toEqual([]);
    expect(hook.errors).toEqual([]);
  });

  it("takes the model from Azure's path when the body has none", async () => {
    const hook = hookedFetch(async () => Response.json({}));
    const url = "https://x.openai.azure.com/openai/deployments/my%2Dgpt/chat/completions";
    await (await hook.fetch(url, { method: "POST", body: '{"messages":[]}' })).text();
    expect((await hook.call()).request.model).toBe("my-gpt");
  });

  it("is not misled by the request before", () => {
    const post = { method: "POST", body: BODY };
    const urls = [
      "http://x/chat/completions",
      "http://x/other",
      "no url",
      "http://x/chat/completions",
      "http://y/chat/completions",
    ];
    const found = urls.flatMap((url) => [matchRequest(url, post), matchRequest(url, post)]);
    const a = "http://x/chat/completions";
    const b = "http://y/chat/completions";
    expect(found.map((matched) => matched?.url.href)).toEqual([a, a, ...Array(4).fill(undefined), a, a, b, b]);
  });
});

/** A provider that says what it was sent. */
const echoing = async <T>(ask: (url: string) => Promise<T>): Promise<T> => {
  const server = createServer(async (incoming, response) => {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part);
    const echo = Buffer.concat(parts).toString("base64");
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ id: "c", choices: [], echo }));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  try {
    return await ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/chat/completions`);
  } finally {
    server.close();
  }
};

describe("a stream as the body of a request", () => {
  const streamOf = (bytes: Uint8Array): ReadableStream<Uint8Array> =>
    new ReadableStream({
      pull(controller) {
        controller.enqueue(bytes.subarray(0, 5));
        controller.enqueue(bytes.subarray(5));
        controller.close();
      },
    });
  const gzipped = new Uint8Array(gzipSync(BODY));
  it.each([
    ["plain", new TextEncoder().encode(BODY), {}],
    ["in gzip", gzipped, { "content-encoding": "gzip" }],
  ])("is sent as it is and read: %s", async (_name, bytes, headers) => {
    const hook = hookedFetch();
    const init = { method: "POST", body: streamOf(bytes), headers, duplex: "half" } as RequestInit;
    const said = await echoing(async (url) => (await hook.fetch(url, init)).json());
    expect(said).toMatchObject({ echo: Buffer.from(bytes).toString("base64") });
    expect((await hook.call()).request.model).toBe("m");
    expect(hook.errors).toEqual([]);
  });

  it("that fails fails as it does without us", async () => {
    const hook = hookedFetch();
    const body = new ReadableStream({
      pull() {
        throw new RangeError("the app's own");
      },
    });
    const init = { method: "POST", body, duplex: "half" } as RequestInit;
    await expect(echoing((url) => hook.fetch(url, init))).rejects.toThrow();
    expect(hook.errors).toEqual([]);
  });
});
