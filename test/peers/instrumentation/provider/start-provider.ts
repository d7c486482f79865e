import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Reply, WireFormat } from "./reply.ts";

/** A provider double on loopback. */
export interface Provider {
  readonly url: string;
  /** Every request so far, headers and body included, as comparable text. */
  readonly requests: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** Headers that differ between two runs of the same program. */
const VOLATILE = new Set(["host", "connection", "idempotency-key", "x-client-request-id", "content-length"]);

const asText = (incoming: IncomingMessage, body: string): string => {
  const headers = Object.entries(incoming.headers).filter(([name]) => !VOLATILE.has(name));
  return JSON.stringify([incoming.method, incoming.url, headers.sort(), body]);
};

const readBody = async (incoming: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
};

const parse = (text: string): Record<string, unknown> => {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
};

/** Sends a reply piece by piece, so that a client sees more than one chunk. */
export const sendReply = async (reply: Reply, response: ServerResponse): Promise<void> => {
  response.sendDate = false;
  response.writeHead(reply.status, reply.headers);
  for (const piece of reply.pieces) {
    response.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (reply.ending === "end") response.end();
  if (reply.ending === "cut") setTimeout(() => response.destroy(), 20);
};

/** Starts a double that speaks the given wire formats; an unknown path is answered 404. */
export const startProvider = async (formats: readonly WireFormat[]): Promise<Provider> => {
  const requests: string[] = [];
  const attempts = new Map<string, number>();
  const server = createServer(async (incoming, response) => {
    const text = await readBody(incoming);
    const [method, path, body] = [incoming.method ?? "", incoming.url ?? "", parse(text)];
    requests.push(asText(incoming, text));
    for (const format of formats) {
      const model = format.modelOf(method, path, body);
      if (model === null) continue;
      const attempt = attempts.get(model) ?? 0;
      attempts.set(model, attempt + 1);
      await sendReply(format.answer(model, { method, path, body, attempt }), response);
      return;
    }
    response.writeHead(404, { "content-type": "application/json" }).end('{"error":{"message":"unknown path"}}');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests: () => requests, close };
};
