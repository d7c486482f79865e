import type { Server } from "node:http";
import { LeewayError, messageOf } from "../core/errors.ts";
import { type ListenAddress, urlOf } from "./listen-address.ts";

/** A server that listens. */
export interface Listener {
  /** Where it can be reached from this machine, without a slash at the end. */
  readonly url: string;
  /** Takes no new request; resolves when those under way are answered, at the latest after `graceMs`. */
  readonly close: (graceMs: number) => Promise<void>;
}

/** What an error about the address names. */
export interface ListenPlace {
  /** The key of the configuration, such as `agent.listen`. */
  readonly key: string;
  /** What else may hold the port, such as "the other agent". */
  readonly rival: string;
}

const problemOf = (error: NodeJS.ErrnoException, { host, port }: ListenAddress, place: ListenPlace): LeewayError => {
  const { key, rival } = place;
  const message =
    error.code === "EADDRINUSE"
      ? `${key}: ${host}:${port} is in use; stop ${rival}, or set ${key} to a free port`
      : `${key}: cannot listen on ${host}:${port} (${error.code ?? messageOf(error)}); expected an address of this machine and a port this user may bind`;
  return new LeewayError("listen-failed", message, { cause: error });
};

const close = (server: Server, graceMs: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });

/** Lets `server` listen on `address`. Rejects with LeewayError `listen-failed`. */
export const bind = async (server: Server, address: ListenAddress, place: ListenPlace): Promise<Listener> => {
  await new Promise<void>((resolve, reject) => {
    // stays for good: a failed accept (too many open files) must not end the process
    server.on("error", (error) => reject(problemOf(error, address, place)));
    server.listen(address.port, address.host, resolve);
  });
  const bound = server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : address.port;
  return { url: urlOf({ host: address.host, port }), close: (graceMs) => close(server, graceMs) };
};
