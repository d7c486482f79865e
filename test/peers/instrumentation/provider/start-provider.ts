import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ProviderDouble, ReceivedRequest } from "../../../doubles/provider-double.ts";
import type { Reply, WireFormat } from "./reply.ts";

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
export const startProvider = async (formats: readonly WireFormat[]): Promise<ProviderDouble> => {
  const requests: ReceivedRequest[] = [];
  const attempts = new Map<string, number>();
  const server = createServer(async (incoming, response) => {
    const text = await readBody(incoming);
    const [method, path, body] = [incoming.method ?? "", incoming.url ?? "", parse(text)];
    const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
    requests.push({ method, path, headers, body: text });
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
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, close };
};
