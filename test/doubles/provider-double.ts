import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request a double has taken in, as it came over the wire. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body, byte for byte. */
  readonly body: string;
}

/** How a double answers one request. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent one by one, so that each reaches the client as a piece of its own. */
  readonly pieces: readonly string[];
  /** True: the connection breaks after the last piece. */
  readonly cut?: boolean;
}

/** A provider on loopback. */
export interface ProviderDouble {
  /** `http://127.0.0.1:port`, without a slash at the end. */
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  readonly close: () => Promise<void>;
}

/** What a double does with a request; chosen by the last word of the model's name (`claude-x-tool`). */
export const SCENARIOS = ["plain", "tool", "refusal", "thinking", "length", "broken", "cut", "overloaded"] as const;

/** One of SCENARIOS; a model without such a word answers plainly. */
export type Scenario = (typeof SCENARIOS)[number];

/** The scenario a model's name asks for. */
export const scenarioOf = (model: string): Scenario =>
  SCENARIOS.find((scenario) => model.endsWith(`-${scenario}`)) ?? "plain";

/** A reply of one JSON document. */
export const jsonReply = (status: number, body: unknown, headers: Reply["headers"] = {}): Reply => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  pieces: [JSON.stringify(body)],
});

/** The first `half` of the pieces, then a broken connection. */
export const cutReply = (reply: Reply): Reply => ({
  ...reply,
  pieces:
    reply.pieces.length > 1
      ? reply.pieces.slice(0, Math.ceil(reply.pieces.length / 2))
      : reply.pieces.map((piece) => piece.slice(0, piece.length / 2)),
  cut: true,
});

/** Member names of `body` that are not in `known`: what the API would refuse. */
export const unknownMembers = (body: object, known: readonly string[]): string[] =>
  Object.keys(body).filter((name) => !known.includes(name));

const receive = async (incoming: IncomingMessage): Promise<ReceivedRequest> => {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part);
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  const { method = "", url = "" } = incoming;
  return { method, path: url, headers, body: Buffer.concat(parts).toString("utf8") };
};

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const send = async (response: ServerResponse, reply: Reply): Promise<void> => {
  response.writeHead(reply.status, { ...reply.headers });
  for (const piece of reply.pieces) {
    if (response.destroyed) return;
    response.write(piece);
    await soon();
  }
  if (reply.cut) response.destroy();
  else response.end();
};

/** Refuses the first of several equal requests for a model named `…-flaky`, and answers as before otherwise. */
export const refusingFlaky = (
  answer: (request: ReceivedRequest) => Reply,
  refusal: Reply,
): ((request: ReceivedRequest) => Reply) => {
  const refused = new Set<string>();
  return (request) => {
    const text = `${request.path} ${request.body}`;
    if (!text.includes("-flaky") || refused.has(text)) return answer(request);
    refused.add(text);
    return refusal;
  };
};

/** Starts a double on a free port of 127.0.0.1. */
export const startDouble = async (answer: (request: ReceivedRequest) => Reply): Promise<ProviderDouble> => {
  const requests: ReceivedRequest[] = [];
  const server = createServer((incoming, response) => {
    receive(incoming)
      .then((request) => {
        requests.push(request);
        return send(response, answer(request));
      })
      .catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${port}`, requests, close };
};
