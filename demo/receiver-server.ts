import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { startListening } from "../http/start-listening.ts";

/** What a receiver answers. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * How a receiver behaves. `accept`: as the real one would. `hang`: takes the request and never answers. `reset`: cuts
 * the connection. `lie`: answers 200 with a page of something else and keeps nothing. An answer: gives exactly that.
 */
export type ReceiverMode = "accept" | "hang" | "reset" | "lie" | Answer;

/** What is common to all receivers: where it listens, how it behaves, what it turned away. */
export interface ReceiverServer {
  /** Address to post to, on loopback. */
  readonly url: string;
  readonly behave: (mode: ReceiverMode) => void;
  /** Requests seen, whatever became of them. */
  readonly requests: () => number;
  /** Stops listening and cuts what is open. */
  readonly close: () => Promise<void>;
}

const LIE: Answer = { status: 200, body: "<html><body>Sign in to the guest network</body></html>" };
const MAX_BYTES = 512_000;

/** The body; null when it is too large. It is read to its end even so, or the client would never see the answer. */
const readBody = async (request: IncomingMessage): Promise<string | null> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= MAX_BYTES) chunks.push(chunk);
  }
  return bytes <= MAX_BYTES ? Buffer.concat(chunks).toString("utf8") : null;
};

const send = (response: ServerResponse, { status, body, headers = {} }: Answer): void =>
  void response.writeHead(status, { "content-type": "text/plain", ...headers }).end(body);

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

const answerTo = async (
  request: IncomingMessage,
  mode: ReceiverMode,
  judge: (headers: IncomingMessage["headers"], body: string) => Answer,
): Promise<Answer> => {
  const body = await readBody(request);
  if (mode === "lie") return LIE;
  if (typeof mode === "object") return mode;
  if (request.method !== "POST") return { status: 405, body: "method_not_allowed" };
  return body === null ? { status: 413, body: "payload_too_large" } : judge(request.headers, body);
};

/**
 * Starts a receiver on a free port of loopback. `path` is the path of its address (any path is answered); `judge` is
 * asked in mode `accept`, keeps what it likes and answers.
 */
export const startReceiverServer = async (
  path: string,
  judge: (headers: IncomingMessage["headers"], body: string) => Answer,
): Promise<ReceiverServer> => {
  let mode: ReceiverMode = "accept";
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    if (mode === "reset") return void request.socket.destroy();
    if (mode === "hang") return void request.resume();
    answerTo(request, mode, judge).then(
      (answer) => send(response, answer),
      () => request.socket.destroy(),
    );
  });
  const port = await startListening(server, { host: "127.0.0.1", port: 0 });
  return {
    url: `http://127.0.0.1:${port}${path}`,
    behave: (next) => {
      mode = next;
    },
    requests: () => requests,
    close: () => close(server),
  };
};
