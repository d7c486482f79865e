import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type BindCollaborators, type BindSettings, bind, type Listener } from "../../http/bind.ts";
import { SERVER_OPTIONS } from "../../http/server-options.ts";
import type { Reply } from "./reply.ts";

const PLACE = { section: "collector", rival: "the other process (a second agent or an OpenTelemetry Collector)" };

/** The largest body takes this long where there are 64 Mbit/s. */
const SLOW_BODY_MS = 2_000;

/**
 * Listens and answers requests with `answer`; null leaves a request without one. When `answer` rejects, `failed` makes
 * the reply. Rejects with LeewayError `listen-failed`, or `config-invalid` for a certificate that cannot be used.
 */
export const listen = (
  settings: Omit<BindSettings, "slowBodyMs" | "mayCut">,
  answer: (request: IncomingMessage) => Promise<Reply | null>,
  failed: (error: unknown) => Reply,
  collaborators: BindCollaborators,
): Promise<Listener> => {
  const respond = (request: IncomingMessage, response: ServerResponse): void => {
    void answer(request)
      .catch(failed)
      .then((reply) => {
        if (reply === null) return response.destroy();
        const length = String(Buffer.byteLength(reply.body));
        return response.writeHead(reply.status, { ...reply.headers, "content-length": length }).end(reply.body);
      });
  };
  const server = settings.tls === null ? createServer(SERVER_OPTIONS) : createSecureServer(SERVER_OPTIONS);
  server.on("request", respond);
  return bind(server, { ...settings, slowBodyMs: SLOW_BODY_MS, mayCut: () => false }, PLACE, collaborators);
};
