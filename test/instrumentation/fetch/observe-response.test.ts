import { Readable } from "node:stream";
import type { ReadableStream as NodeStream } from "node:stream/web";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../eventually.ts";
import { listen } from "../otlp-receiver.ts";
import { hookedFetch } from "./chat-setup.ts";

const BODY = JSON.stringify({
  id: "c1",
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "grüße ✓" }, finish_reason: "stop" }],
});
const REQUEST = { method: "POST", body: JSON.stringify({ model: "m", messages: [{ role: "user", content: "hi" }] }) };

const facts = (response: Response) => {
  const { url, redirected, type, ok, status, statusText, bodyUsed } = response;
  return { url, redirected, type, ok, status, statusText, bodyUsed, headers: [...response.headers] };
};
const readAll = async (stream: ReadableStream<Uint8Array>): Promise<string> => {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
};
const readByob = async (response: Response): Promise<string> => {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader({ mode: "byob" });
  const parts: Uint8Array[] = [];
  for (;;) {
    const { done, value } = await reader.read(new Uint8Array(16));
    if (value) parts.push(value);
    if (done) return Buffer.concat(parts).toString("utf8");
  }
};

/** Every way to read a response; each gives something comparable. */
const WAYS: Readonly<Record<string, (response: Response) => Promise<unknown>>> = {
  "json()": (response) => response.json(),
  "text()": (response) => response.text(),
  "arrayBuffer()": async (response) => Buffer.from(await response.arrayBuffer()).toString(),
  "bytes()": async (response) => Buffer.from(await response.bytes()).toString(),
  "blob()": async (response) => {
    const blob = await response.blob();
    return [blob.type, await blob.text()];
  },
  "clone(), both read": async (response) => {
    const copy = response.clone();
    return [facts(copy), await copy.text(), await response.json()];
  },
  "a reader": (response) => readAll(response.body as ReadableStream<Uint8Array>),
  "a reader with buffers of its own": readByob,
  "tee()": async (response) => {
    const [left, right] = (response.body as ReadableStream<Uint8Array>).tee();
    return [await readAll(left), await readAll(right)];
  },
  "a new Response of its body": (response) => new Response(response.body).text(),
  "iterating, then everything else": async (response) => {
    const body = response.body as ReadableStream<Uint8Array>;
    const locked: boolean[] = [];
    const parts: Uint8Array[] = [];
    for await (const part of body) {
      locked.push(body.locked);
      parts.push(part);
    }
    const failed = (error: Error) => error.name;
    const after = [await response.text().catch(failed), await response.json().catch(failed)];
    const copied = await (async () => response.clone())().then(() => "", failed);
    const rest = await body.getReader().read();
    return [Buffer.concat(parts).toString(), locked[0], body.locked, response.bodyUsed, after, copied, rest];
  },
  "iterating until the first piece": async (response) => {
    const body = response.body as ReadableStream<Uint8Array>;
    for await (const part of body) return [part.byteLength > 0, body.locked, response.bodyUsed];
    return [];
  },
  "json() after a clone was read": async (response) => {
    const { length } = await response.clone().text();
    return [length, typeof (await response.json())];
  },
  "a pipe through a transform": (response) =>
    new Response(
      (response.body as ReadableStream).pipeThrough(new TextDecoderStream()).pipeThrough(new TextEncoderStream()),
    ).text(),
  "a pipe to a sink": async (response) => {
    const parts: Uint8Array[] = [];
    await (response.body as ReadableStream<Uint8Array>).pipeTo(
      new WritableStream({ write: (part) => void parts.push(part) }),
    );
    return [Buffer.concat(parts).toString(), response.bodyUsed, response.body?.locked];
  },
  "a Node stream": async (response) => {
    const parts: Uint8Array[] = [];
    for await (const part of Readable.fromWeb(response.body as NodeStream)) parts.push(part);
    return Buffer.concat(parts).toString();
  },
  "values() that are kept open": async (response) => {
    const body = response.body as ReadableStream<Uint8Array>;
    const iterator = body.values({ preventCancel: true });
    const first = await iterator.next();
    await iterator.return?.();
    return [Buffer.from(first.value as Uint8Array).toString(), body.locked, await readAll(body)];
  },
  "two readers, one after the other": async (response) => {
    const body = response.body as ReadableStream<Uint8Array>;
    const reader = body.getReader();
    const { value } = await reader.read();
    reader.releaseLock();
    return [Buffer.from(value as Uint8Array).toString(), await readAll(body)];
  },
  "the body of another request": async (response) => {
    const request = new Request("http://x.test", {
      method: "POST",
      body: response.body,
      duplex: "half",
    } as RequestInit);
    return request.text();
  },
  "text() after looking at the body": async (response) => [response.body?.locked, await response.text()],
  "reading twice": async (response) => {
    await response.text();
    const again = await response.text().catch((error: Error) => error.name);
    return [response.bodyUsed, again];
  },
  "reading while a reader holds it": async (response) => {
    response.body?.getReader();
    return response.text().catch((error: Error) => error.name);
  },
};

describe("an observed response", () => {
  let url: string;
  let close: () => Promise<void>;
  let cancelled = 0;
  beforeAll(async () => {
    ({ url, close } = await listen((incoming, response) => {
      if (incoming.url?.startsWith("/moved")) {
        response.writeHead(307, { location: "/v1/chat/completions" }).end();
        return;
      }
      response.writeHead(200, "Fine", { "content-type": "application/json", "x-one": "1" });
      if (incoming.url?.includes("endless")) {
        response.on("close", () => {
          cancelled += 1;
        });
        response.write(BODY);
        return;
      }
      response.write(BODY.slice(0, 40));
      setImmediate(() => response.end(BODY.slice(40)));
    }));
  });
  afterAll(() => close());

  it.each(Object.entries(WAYS))("read by %s is the same, and seen", async (_way, read) => {
    const target = `${url}/v1/chat/completions`;
    const plain = await fetch(target, REQUEST);
    const hook = hookedFetch();
    const observed = await hook.fetch(target, REQUEST);
    expect(observed).toBeInstanceOf(Response);
    const withoutDate = (response: Response) => ({
      ...facts(response),
      headers: facts(response).headers.filter(([name]) => name !== "date"),
    });
    expect(withoutDate(observed)).toEqual(withoutDate(plain));
    const hide = (value: unknown) => JSON.parse(JSON.stringify(value).replace(/\["date","[^"]*"\]/g, "0"));
    expect(hide(await read(observed))).toEqual(hide(await read(plain)));
    if (_way === "reading while a reader holds it") return;
    // How much had come by then is up to the network.
    if (_way === "iterating until the first piece") return void (await hook.call());
    expect(await hook.call()).toMatchObject({ errorType: null, answer: { answer: { text: "grüße ✓" } } });
  });

  it("keeps the final URL of a redirect", async () => {
    const hook = hookedFetch();
    const response = await hook.fetch(`${url}/moved/chat/completions`, REQUEST);
    expect(response.redirected).toBe(true);
    expect(response.url).toBe(`${url}/v1/chat/completions`);
    await response.text();
  });

  it("asks the provider for nothing the app did not ask for", async () => {
    let pulls = 0;
    const source = new ReadableStream(
      {
        pull: (controller) => {
          pulls += 1;
          controller.enqueue(new TextEncoder().encode(`data: {"n":${pulls}}\n\n`));
        },
      },
      { highWaterMark: 0 },
    );
    const hook = hookedFetch(async () => new Response(source, { headers: { "content-type": "text/event-stream" } }));
    const response = await hook.fetch("http://x.test/chat/completions", REQUEST);
    await new Promise((resolve) => setImmediate(resolve));
    expect(pulls).toBe(0);
    const reader = (response.body as ReadableStream).getReader();
    await reader.read();
    await reader.read();
    expect(pulls).toBe(2);
  });

  it("passes a cancel on, with its reason", async () => {
    const reasons: unknown[] = [];
    const source = new ReadableStream({ cancel: (reason) => void reasons.push(reason) });
    const hook = hookedFetch(async () => new Response(source));
    const response = await hook.fetch("http://x.test/chat/completions", REQUEST);
    await response.body?.cancel("enough");
    expect(reasons).toEqual(["enough"]);
    expect(await hook.call()).toMatchObject({ errorType: "aborted" });
  });

  it("is let go like any other when the app drops it: the connection is freed and the call ends", async () => {
    setFlagsFromString("--expose-gc");
    const collect: () => void = runInNewContext("gc");
    const hook = hookedFetch();
    const before = cancelled;
    await (async () => void (await hook.fetch(`${url}/endless/chat/completions`, REQUEST)))();
    await eventually(() => {
      collect();
      return cancelled > before && hook.calls.length > 0;
    }, 20_000);
    expect(hook.calls[0]).toMatchObject({ errorType: "aborted", httpStatus: 200 });
  });

  it("is not let go while only the stream of it is held", async () => {
    const hook = hookedFetch();
    const collect: () => void = runInNewContext("gc");
    const body = (await hook.fetch(`${url}/v1/chat/completions`, REQUEST)).body as ReadableStream<Uint8Array>;
    for (let round = 0; round < 5; round += 1) {
      collect();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await readAll(body)).toBe(BODY);
    expect(await hook.call()).toMatchObject({ errorType: null });
  });

  it("is not let go while it is being read", async () => {
    const hook = hookedFetch();
    const collect: () => void = runInNewContext("gc");
    const text = hook.fetch(`${url}/v1/chat/completions`, REQUEST).then((response) => response.text());
    for (let round = 0; round < 20; round += 1) {
      collect();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await text).toBe(BODY);
    expect(await hook.call()).toMatchObject({ errorType: null });
  });

  it("stays the object it was, with no member that can be seen", async () => {
    const answer = new Response(BODY);
    const hook = hookedFetch(async () => answer);
    const response = await hook.fetch("http://x.test/chat/completions", REQUEST);
    expect(response).toBe(answer);
    expect(Object.keys(response)).toEqual(Object.keys(new Response(BODY)));
    expect(response.body).toBe(response.body);
    expect(Object.keys(response.body ?? {})).toEqual(Object.keys(new Response(BODY).body ?? {}));
  });

  it("that the app had locked already is none of our business", async () => {
    const answer = new Response(BODY);
    const reader = answer.body?.getReader();
    const hook = hookedFetch(async () => answer);
    await hook.fetch("http://x.test/chat/completions", REQUEST);
    expect((await reader?.read())?.value?.byteLength).toBeGreaterThan(0);
    expect(hook.errors).toEqual([]);
  });
});
