import type { ServerOptions } from "node:http";

/**
 * How long a client may take, for every listener: 10 s for the head of a request (and for the TLS handshake), 30 s for
 * all of it. A connection is kept for 65 s after an answer: longer than exporters and probes wait between two requests,
 * so that none of them sends into a connection that is just being closed. Those that are in the way are closed sooner.
 */
export const SERVER_OPTIONS: ServerOptions & { readonly handshakeTimeout: number } = {
  headersTimeout: 10_000,
  handshakeTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 1_000,
};
