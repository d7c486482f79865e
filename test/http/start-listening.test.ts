import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, expect, it } from "vitest";
import { startListening } from "../../http/start-listening.ts";

const servers: ReturnType<typeof createServer>[] = [];
const server = () => {
  const made = createServer();
  servers.push(made);
  return made;
};
afterEach(async () => {
  for (const each of servers.splice(0)) {
    if (!each.listening) continue;
    each.close();
    await once(each, "close");
  }
});

it("resolves with the port, rejects with Node's error where it is taken, and outlives later errors", async () => {
  const first = server();
  const port = await startListening(first, { host: "127.0.0.1", port: 0 });
  expect(port).toBeGreaterThan(0);
  await expect(startListening(server(), { host: "127.0.0.1", port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  first.emit("error", new Error("EMFILE"));
  first.emit("error", new Error("EMFILE"));
  expect(first.listening).toBe(true);
});
