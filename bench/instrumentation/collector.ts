import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A collector that counts the spans of calls, each once. */
export interface CountingCollector {
  readonly url: string;
  readonly received: () => number;
  readonly close: () => Promise<void>;
}

const readBody = async (incoming: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
};

interface Batch {
  readonly resourceSpans?: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly { readonly name: string; readonly spanId: string }[] }[];
  }[];
}

const spanIds = (batch: Batch): string[] =>
  (batch.resourceSpans ?? [])
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
    .filter(({ name }) => name !== "leeway.export_report")
    .map(({ spanId }) => spanId);

/** Starts it on a port of loopback, 0 = a free one. A GET is answered with the count. */
export const createCollector = async (port = 0): Promise<CountingCollector> => {
  const ids = new Set<string>();
  const server = createServer(async (incoming, response) => {
    const body = await readBody(incoming);
    if (incoming.method === "GET") {
      response.end(String(ids.size));
      return;
    }
    if (incoming.url === "/v1/traces") for (const id of spanIds(JSON.parse(body))) ids.add(id);
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  }).listen(port, "127.0.0.1");
  await once(server, "listening");
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received: () => ids.size, close };
};
