import type { Server } from "node:net";
import type { ListenAddress } from "./listen-address.ts";

/**
 * Lets `server` listen; resolves with the port it has then. Rejects with Node's error. Errors that come later end nothing: a
 * failed accept (too many open files) must not end the process, and the next one may succeed.
 */
export const startListening = async (server: Server, { host, port }: ListenAddress): Promise<number> => {
  await new Promise<void>((resolve, reject) => {
    // stays for good
    server.on("error", reject);
    server.listen(port, host, resolve);
  });
  const bound = server.address();
  return typeof bound === "object" && bound !== null ? bound.port : port;
};
