import { createServer, type IncomingMessage } from "node:http";
import { bind, type Listener } from "../../http/bind.ts";
import type { ListenAddress } from "../../http/listen-address.ts";
import type { Reply } from "./reply.ts";

const PLACE = { key: "collector.listen", rival: "the other process (a second agent or an OpenTelemetry Collector)" };

/**
 * Listens and answers requests with `answer`; null leaves a request without one. When `answer` rejects, `failed` makes
 * the reply. Rejects with LeewayError `listen-failed`.
 */
export const listen = (
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
  return bind(server, address, PLACE);
};
