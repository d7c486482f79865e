import { request as post } from "node:http";
import OpenAI from "openai";
import type * as Leeway from "../../../instrumentation/index.ts";

/** What an app does with its model, and everything it can see of it, as JSON. */
export type Seen = readonly string[];

const request = {
  model: "m",
  messages: [{ role: "user" as const, content: "hello" }],
  response_format: { type: "json_object" as const },
  tools: [{ type: "function" as const, function: { name: "lookup", parameters: { type: "object" } } }],
};

const describe = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message.split("\n")[0]}` : String(error);

const readAll = async (
  stream: AsyncIterable<unknown> | readonly unknown[],
  most = Number.POSITIVE_INFINITY,
): Promise<unknown[]> => {
  const chunks: unknown[] = [];
  for await (const chunk of stream) if (chunks.push(chunk) >= most) break;
  return chunks;
};

const sse = async (url: string, body: object): Promise<string> =>
  (await fetch(url, { method: "POST", body: JSON.stringify(body) })).text();

/** The pieces of a stream, as the app gets them by iterating over the body itself. */
const iterated = async (url: string, most?: number): Promise<unknown[]> => {
  const { body } = await fetch(url, { method: "POST", body: JSON.stringify({ ...request, stream: true }) });
  return (await readAll(body ?? [], most)).map((piece) => Buffer.from(piece as Uint8Array).toString());
};

/** The same by node:http, what is sent cut in two; the answer is left after its first piece where `early`. */
const overHttp = (url: string, body: object, early = false): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    const asked = post(url, { method: "POST" }, (response) => {
      let seen = "";
      response.on("data", (part) => {
        seen += part;
        if (early) response.destroy();
      });
      response.once("close", () => resolve([response.statusCode, seen]));
    });
    asked.once("error", reject);
    asked.write(text.slice(0, 9));
    asked.end(text.slice(9));
  });

/** The steps of the app, by name. `leeway` is the `leeway` entry. */
const stepsOf = (base: string, leeway: typeof Leeway): Readonly<Record<string, () => unknown>> => {
  const client = new OpenAI({ baseURL: `${base}/v1`, apiKey: "k", maxRetries: 0 });
  const chat = client.chat.completions;
  const span = { attributes: { "gen_ai.operation.name": "chat", "ai.response.text": "hi" }, status: { code: 0 } };
  return {
    plain: () => leeway.withCohort("canary", () => leeway.withSegment("a", "b", () => chat.create(request))),
    stream: async () => readAll(await chat.create({ ...request, stream: true })),
    early: async () => readAll(await chat.create({ ...request, stream: true }), 1),
    iterated: async () => [
      await iterated(`${base}/v1/chat/completions`),
      await iterated(`${base}/v1/chat/completions`, 1),
    ],
    fails: () => chat.create({ ...request, model: "fails" }),
    aborts: () => chat.create(request, { signal: AbortSignal.abort() }),
    conversation: () => leeway.withConversation("c", () => leeway.withPrompt({ name: "p", version: "1" }, () => 7)),
    anthropic: () =>
      sse(`${base}/v1/messages`, { model: "a", max_tokens: 9, messages: request.messages, stream: true }),
    gemini: () => sse(`${base}/v1beta/models/g:generateContent`, { contents: [{ parts: [{ text: "hi" }] }] }),
    request: async () =>
      (
        await fetch(new Request(`${base}/v1/chat/completions`, { method: "POST", body: JSON.stringify(request) }))
      ).json(),
    overHttp: () => overHttp(`${base}/v1/chat/completions`, request),
    overHttpStream: () => overHttp(`${base}/v1/chat/completions`, { ...request, stream: true }),
    overHttpFails: () => overHttp(`${base}/v1/chat/completions`, { ...request, model: "fails" }),
    overHttpEarly: () => overHttp(`${base}/v1/chat/completions`, { ...request, stream: true }, true),
    overHttpRefused: () => overHttp("http://127.0.0.1:2/v1/chat/completions", request),
    other: async () => (await fetch(`${base}/other`)).text(),
    wrapped: async () => (await leeway.wrapFetch(globalThis.fetch)(`${base}/other`)).status,
    flag: () => leeway.leewayFlagHook().after({ flagKey: "f", context: { targetingKey: "u" } }, { variant: "canary" }),
    redaction: () => leeway.setRedaction((text) => text.toUpperCase()),
    processor: () => {
      const processor = leeway.leewaySpanProcessor();
      processor.onStart(span);
      processor.onEnd(span);
      return processor.forceFlush();
    },
  };
};

/** Runs every step and writes down what it gave, whatever that is. */
export const runScenario = async (base: string, leeway: typeof Leeway): Promise<Seen> => {
  const seen: string[] = [];
  for (const [name, step] of Object.entries(stepsOf(base, leeway))) {
    try {
      seen.push(`${name}: ${JSON.stringify(await step())}`);
    } catch (error) {
      seen.push(`${name} threw ${describe(error)}`);
    }
  }
  return seen;
};
