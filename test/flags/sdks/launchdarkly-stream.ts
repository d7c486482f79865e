import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type LdWorld, ldSdkData } from "../../doubles/flags/launchdarkly-state.ts";

/** How long a change waits before it is sent, ms. */
const PUSH_MS = 20;

/** LaunchDarkly's stream of one environment: everything at once, and again after each change. */
export const startLaunchDarklyStream = async (
  world: () => LdWorld,
  environment: string,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> => {
  const readers = new Set<ServerResponse>();
  const text = (): string => JSON.stringify({ path: "/", data: ldSdkData(world(), environment) });
  let sent = text();
  const push = (reader: ServerResponse): void => void reader.write(`event: put\ndata: ${sent}\n\n`);
  const server = createServer((request, response) => {
    if (!request.url?.startsWith("/all")) return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": "text/event-stream" });
    readers.add(response);
    response.on("close", () => readers.delete(response));
    sent = text();
    push(response);
  });
  const timer = setInterval(() => {
    if (text() === sent) return;
    sent = text();
    for (const reader of readers) push(reader);
  }, PUSH_MS);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      clearInterval(timer);
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};
