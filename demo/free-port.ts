import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { startListening } from "../http/start-listening.ts";

/**
 * Below the ports that outgoing connections are given: while an agent is down its app keeps trying to reach it, and a
 * connection that was given the agent's own port would keep the agent from coming back.
 */
const [FIRST, LAST] = [15_000, 32_000];

const isFree = async (port: number): Promise<boolean> => {
  const server = createServer();
  try {
    await startListening(server, { host: "127.0.0.1", port });
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
};

/** A port on 127.0.0.1 that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = randomInt(FIRST, LAST);
    if (await isFree(port)) return port;
  }
};
