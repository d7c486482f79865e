import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import { bind } from "../../http/bind.ts";
import type { ListenAddress } from "../../http/listen-address.ts";

/** The HTTP interface, listening. */
export interface HttpServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

const CLOSE_GRACE_MS = 2_000;

/** Listens on `address`; port 0 takes a free one. Rejects with LeewayError `listen-failed`. */
export const serveRoutes = async (routes: Hono, address: ListenAddress): Promise<HttpServer> => {
  const server = createAdaptorServer({ fetch: routes.fetch }) as Server;
  const { url, close } = await bind(server, address, { key: "agent.listen", rival: "the other agent" });
  return { url, close: () => close(CLOSE_GRACE_MS) };
};
