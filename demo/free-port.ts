import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Below the ports that outgoing connections are given: while an agent is down its app keeps trying to reach it, and a
 * connection that was given the agent's own port would keep the agent from coming back.
 */
const [FIRST, LAST] = [15_000, 32_000];

const isFree = async (port: number): Promise<boolean> => {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  server.once("error", () => resolve(false));
  server.listen(port, "127.0.0.1", () => resolve(true));
  if (!(await promise)) return false;
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
