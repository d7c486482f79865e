import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Longest wait for a double in tests, ms: a busy machine answers within it, and a double that hangs is given up after it. */
export const BUSY_MS = 1_500;

/** One request that a double took in. */
export interface VendorDoubleRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Parsed JSON; undefined for none. */
  readonly body: unknown;
  /** The body as it came. */
  readonly text: string;
}

/** An answer. A string is sent as it is, anything else as JSON. */
export interface VendorDoubleReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * How a double behaves. `work`: as documented. `hang`: takes requests and never answers. `lie`: what would write is answered
 * as if it had been done, and is not. `reset`: breaks the connection. A function answers in its place, or null to work.
 */
export type VendorMood =
  | "work"
  | "hang"
  | "lie"
  | "reset"
  | ((request: VendorDoubleRequest) => VendorDoubleReply | null);

/** A vendor's API on loopback, which validates strictly and can be told to misbehave. */
export interface VendorDouble {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  readonly requests: readonly VendorDoubleRequest[];
  readonly behave: (mood: VendorMood) => void;
  /** Once, right before the next request that would write is handled: what somebody else does in between. */
  readonly beforeWrite: (act: () => void) => void;
  readonly close: () => Promise<void>;
}

/** What a vendor's double is made of. */
export interface VendorDoubleParts {
  /** Answers as the vendor documents; what it does not know it refuses (400, 404, 405). Changes `state` only. */
  readonly handle: (request: VendorDoubleRequest) => VendorDoubleReply;
  /** True for a request that would change something. Default: every method but GET. */
  readonly isWrite?: (request: VendorDoubleRequest) => boolean;
  /** Takes a copy of the whole state, for a lie; the function it gives puts it back. */
  readonly keep: () => () => void;
}

const receive = async (incoming: IncomingMessage): Promise<VendorDoubleRequest> => {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part);
  const url = new URL(incoming.url ?? "/", "http://127.0.0.1");
  const text = Buffer.concat(parts).toString("utf8");
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  return {
    method: incoming.method ?? "",
    path: decodeURI(url.pathname),
    query: url.searchParams,
    headers,
    body: text === "" ? undefined : JSON.parse(text),
    text,
  };
};

const send = (response: ServerResponse, { status, headers = {}, body }: VendorDoubleReply): void => {
  const isText = typeof body === "string";
  response.writeHead(status, {
    ...(body === undefined || isText ? {} : { "content-type": "application/json" }),
    ...headers,
  });
  response.end(body === undefined ? undefined : isText ? body : JSON.stringify(body));
};

/** Starts a double on a free port. */
export const startVendorDouble = async ({
  handle,
  isWrite = ({ method }) => method !== "GET",
  keep,
}: VendorDoubleParts): Promise<VendorDouble> => {
  let [mood, before]: [VendorMood, (() => void) | null] = ["work", null];
  const requests: VendorDoubleRequest[] = [];

  const answer = (request: VendorDoubleRequest): VendorDoubleReply => {
    const special = typeof mood === "function" ? mood(request) : null;
    if (special !== null) return special;
    if (isWrite(request)) {
      before?.();
      before = null;
    }
    if (mood !== "lie" || !isWrite(request)) return handle(request);
    const putBack = keep();
    const reply = handle(request);
    putBack();
    return reply;
  };

  const server = createServer(async (incoming, response) => {
    const request = await receive(incoming).catch(() => null);
    if (request === null) return send(response, { status: 400, body: { message: "the body is no JSON" } });
    requests.push(request);
    if (mood === "hang") return;
    if (mood === "reset") return void incoming.socket.destroy();
    send(response, answer(request));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    behave: (next) => {
      mood = next;
    },
    beforeWrite: (act) => {
      before = act;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};
