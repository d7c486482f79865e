import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the way to a real server does: hands on; takes and never answers; answers writes 200 and hands nothing on; answers a status. */
export type Mischief = "work" | "hang" | "lie" | number;

/** A way to a real server that can be disturbed. */
export interface MischiefProxy {
  readonly url: string;
  readonly behave: (mischief: Mischief) => void;
  /** Once, right before the next write is handed on. */
  readonly beforeWrite: (act: () => Promise<void>) => void;
  /** Requests other than GET that were handed on. */
  readonly writes: () => number;
  readonly close: () => Promise<void>;
}

const bodyOf = async (incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> => {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part);
  return new Uint8Array(Buffer.concat(parts));
};

/** Starts one in front of `base`. */
export const startMischiefProxy = async (base: string): Promise<MischiefProxy> => {
  let [mischief, before, writes]: [Mischief, (() => Promise<void>) | null, number] = ["work", null, 0];

  const handOn = async (incoming: IncomingMessage, body: Uint8Array<ArrayBuffer>, response: ServerResponse) => {
    const { method = "GET", url = "/", headers } = incoming;
    const kept = ["authorization", "content-type", "accept"].flatMap((name) => {
      const value = headers[name];
      return typeof value === "string" ? [[name, value] as [string, string]] : [];
    });
    const answer = await fetch(`${base}${url}`, { method, headers: kept, ...(body.length > 0 && { body }) });
    const text = await answer.text();
    const type = answer.headers.get("content-type");
    response.writeHead(answer.status, type === null ? {} : { "content-type": type }).end(text);
  };

  const server = createServer(async (incoming, response) => {
    const body = await bodyOf(incoming);
    const isWrite = incoming.method !== "GET";
    if (mischief === "hang") return;
    if (typeof mischief === "number") return void response.writeHead(mischief).end();
    if (mischief === "lie" && isWrite) return void response.writeHead(200).end();
    if (isWrite) {
      const act = before;
      before = null;
      await act?.();
      writes += 1;
    }
    await handOn(incoming, body, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behave: (next) => {
      mischief = next;
    },
    beforeWrite: (act) => {
      before = act;
    },
    writes: () => writes,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};
