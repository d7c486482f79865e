import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { brotliCompressSync, deflateSync, gunzipSync, gzipSync } from "node:zlib";

/** A provider whose answer is told by the model's name. */
export interface ChatServer {
  readonly url: string;
  /** Requests by model. */
  readonly bodies: ReadonlyMap<string, Buffer>;
  readonly close: () => Promise<void>;
}

const PACK: Readonly<Record<string, (text: string) => Buffer>> = {
  gzip: (text) => gzipSync(text),
  br: (text) => brotliCompressSync(text),
  deflate: (text) => deflateSync(text),
};

const plain = (model: string): string =>
  JSON.stringify({
    ...{ id: `id-${model}`, model, usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 } },
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "grüße ✓" } }],
  });

const events = (model: string): string[] =>
  [
    { choices: [{ index: 0, delta: { role: "assistant", content: "" } }] },
    ...["grü", "ße", " ✓"].map((content) => ({ choices: [{ index: 0, delta: { content } }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
  ]
    .map((each) => `data: ${JSON.stringify({ id: `id-${model}`, model, ...each })}\n\n`)
    .concat("data: [DONE]\n\n");

/** The same in Ollama's words. */
const ollama = (model: string): string[] => {
  const last = { model, done: true, done_reason: "stop", prompt_eval_count: 11, eval_count: 7 };
  if (!model.includes("stream")) return [JSON.stringify({ ...last, message: { content: "grüße ✓" } })];
  const pieces = ["grü", "ße", " ✓"].map((content) => ({ model, message: { content }, done: false }));
  return [...pieces, { ...last, message: { content: "" } }].map((piece) => `${JSON.stringify(piece)}\n`);
};

const textsOf = (model: string, type: string, isOllamas: boolean): string[] => {
  if (isOllamas) return ollama(model);
  return type === "text/event-stream" ? events(model) : [plain(model)];
};

const answerWith = async (model: string, isOllamas: boolean, response: ServerResponse): Promise<void> => {
  const packing = Object.keys(PACK).find((name) => model.includes(name));
  const stream = isOllamas ? "application/x-ndjson" : "text/event-stream";
  const type = model.includes("stream") ? stream : "application/json";
  const encoding = packing === undefined ? {} : { "content-encoding": packing };
  if (model.includes("fails")) {
    response.writeHead(503, { "content-type": "application/json" }).end('{"error":{"message":"SECRET"}}');
    return;
  }
  if (model.includes("moved")) {
    response.writeHead(307, { location: "/elsewhere" }).end();
    return;
  }
  if (model.includes("silent")) return;
  response.writeHead(200, { "content-type": type, ...encoding });
  const text = textsOf(model, type, isOllamas);
  if (packing !== undefined) {
    response.end(PACK[packing]?.(text.join("")));
    return;
  }
  for (const [index, piece] of text.entries()) {
    if (model.includes("cut") && index === 2) response.socket?.destroy();
    response.write(piece);
    // Each piece is to come by itself.
    await wait(5);
  }
  if (!model.includes("hangs")) response.end();
};

/** Starts it on a free port. */
export const startChatServer = async (): Promise<ChatServer> => {
  const bodies = new Map<string, Buffer>();
  const server = createServer((incoming: IncomingMessage, response) => {
    const parts: Buffer[] = [];
    incoming.on("data", (part: Buffer) => parts.push(part));
    incoming.on("end", () => {
      const sent = Buffer.concat(parts);
      const text = incoming.headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent;
      const model = String(JSON.parse(text.toString() || "{}").model);
      bodies.set(model, sent);
      void answerWith(model, incoming.url === "/api/chat", response);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    ...{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** A request for a model's answer, as JSON; streamed where the model's name says so. */
export const chatBody = (model: string): string =>
  JSON.stringify({ model, messages: [{ role: "user", content: "grüß dich" }], stream: model.includes("stream") });
