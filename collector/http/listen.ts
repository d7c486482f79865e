import { createServer, type IncomingMessage, type Server } from "node:http";
import { isIPv6 } from "node:net";
import { LeewayError, messageOf } from "../../core/errors.ts";
import type { Reply } from "./reply.ts";

/** A server that listens. */
export interface Listener {
  /** Where it can be reached from this machine, without a slash at the end. */
  readonly url: string;
  /** Takes no new request; resolves when those under way are answered, at the latest after `graceMs`. */
  readonly close: (graceMs: number) => Promise<void>;
}

/** Address to bind; port 0 takes a free one. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const WILDCARDS: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

const urlOf = (server: Server, { host }: ListenAddress): string => {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const name = WILDCARDS[host] ?? host;
  return `http://${isIPv6(name) ? `[${name}]` : name}:${port}`;
};

const listenProblem = (error: NodeJS.ErrnoException, { host, port }: ListenAddress): LeewayError => {
  const message =
    error.code === "EADDRINUSE"
      ? `collector.listen: ${host}:${port} is in use; stop the other process (a second agent or an OpenTelemetry Collector) or set collector.listen to a free port`
      : `collector.listen: cannot listen on ${host}:${port} (${error.code ?? messageOf(error)}); expected an address of this machine and a port this user may bind`;
  return new LeewayError("listen-failed", message, { cause: error });
};

const bind = (server: Server, { host, port }: ListenAddress): Promise<void> =>
  new Promise((resolve, reject) => {
    // stays for good: a failed accept (too many open files) must not end the process
    server.on("error", (error) => reject(listenProblem(error, { host, port })));
    server.listen(port, host, resolve);
  });

const close = (server: Server, graceMs: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });

/**
 * Listens and answers requests with `answer`; null leaves a request without one. When `answer` rejects, `failed` makes
 * the reply. Rejects with LeewayError `listen-failed`.
 */
export const listen = async (
  address: ListenAddress,
  answer: (request: IncomingMessage) => Promise<Reply | null>,
  failed: (error: unknown) => Reply,
): Promise<Listener> => {
  const server = createServer((request, response) => {
    void answer(request)
      .catch(failed)
      .then((reply) => {
        if (reply === null) return response.destroy();
        return response.writeHead(reply.status, reply.headers).end(reply.body);
      });
  });
  await bind(server, address);
  return { url: urlOf(server, address), close: (graceMs) => close(server, graceMs) };
};
