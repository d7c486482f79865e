import type { Server } from "node:http";
import { isIPv6 } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import { LeewayError, messageOf } from "../../core/errors.ts";
import type { ListenAddress } from "../config/units.ts";

/** The HTTP interface, listening. */
export interface HttpServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

const CLOSE_GRACE_MS = 2_000;

const problemOf = (error: NodeJS.ErrnoException, { host, port }: ListenAddress): LeewayError => {
  const message =
    error.code === "EADDRINUSE"
      ? `agent.listen: ${host}:${port} is in use; stop the other agent, or set agent.listen to a free port`
      : `agent.listen: cannot listen on ${host}:${port} (${error.code ?? messageOf(error)}); expected an address of this machine`;
  return new LeewayError("listen-failed", message, { cause: error });
};

/** Listens on `address`; port 0 takes a free one. Rejects with LeewayError `listen-failed`. */
export const serveRoutes = async (routes: Hono, address: ListenAddress): Promise<HttpServer> => {
  const server = createAdaptorServer({ fetch: routes.fetch }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.on("error", (error) => reject(problemOf(error, address)));
    server.listen(address.port, address.host, resolve);
  });
  const bound = server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : address.port;
  return {
    url: `http://${isIPv6(address.host) ? `[${address.host}]` : address.host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
};
