import type { IncomingMessage, Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import { type BindCollaborators, type BindSettings, bind, type Listener } from "../../http/bind.ts";
import { SERVER_OPTIONS } from "../../http/server-options.ts";

/** The HTTP interface, listening. */
export interface HttpServer extends Omit<Listener, "close"> {
  readonly close: () => Promise<void>;
}

const COMMAND = /\/commands$/;
const CLOSE_GRACE_MS = 2_000;

/** Listens. Rejects with LeewayError `listen-failed`, or `config-invalid` for a certificate that cannot be used. */
export const serveRoutes = async (
  routes: Pick<Hono, "fetch">,
  settings: Omit<BindSettings, "slowBodyMs" | "mayCut">,
  collaborators: BindCollaborators,
): Promise<HttpServer> => {
  const secured = settings.tls === null ? {} : { createServer: createSecureServer };
  // Without a name in Host the routes still have to see the request: they say what is wrong with it.
  const options = { fetch: routes.fetch, hostname: "localhost", serverOptions: SERVER_OPTIONS, ...secured };
  const server = createAdaptorServer(options) as Server;
  // The body of a command or an evaluation is there with its head. Whatever else is asked must not keep a command out.
  const bound = { ...settings, slowBodyMs: 0, mayCut: ({ url = "" }: IncomingMessage) => !COMMAND.test(url) };
  const listener = await bind(server, bound, { section: "agent", rival: "the other agent" }, collaborators);
  return { ...listener, close: () => listener.close(CLOSE_GRACE_MS) };
};
