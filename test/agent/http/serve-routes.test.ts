import { createServer } from "node:net";
import { OFREPProvider } from "@openfeature/ofrep-provider";
import { OpenFeature } from "@openfeature/server-sdk";
import { Hono } from "hono";
import { afterEach, describe, expect, it } from "vitest";
import { NO_TOKENS } from "../../../agent/access/token-book.ts";
import { createRoutes, type RouteHandlers } from "../../../agent/http/create-routes.ts";
import { type HttpServer, serveRoutes } from "../../../agent/http/serve-routes.ts";
import type { ServedFlag } from "../../../alerts/flags/ofrep.ts";
import { recordingLog } from "../../store/recording-log.ts";

const open: HttpServer[] = [];
afterEach(async () => {
  await OpenFeature.close();
  await Promise.all(open.splice(0).map((server) => server.close()));
});

const listening = (routes: Pick<Hono, "fetch">, host = "127.0.0.1", port = 0): Promise<HttpServer> =>
  serveRoutes(
    routes,
    { listen: { host, port }, tls: null, maxConnections: 100 },
    { now: Date.now, elapsed: () => performance.now(), log: recordingLog().log },
  );

const serve = async (routes: Pick<Hono, "fetch">, host?: string): Promise<HttpServer> => {
  const server = await listening(routes, host);
  open.push(server);
  return server;
};

const hello = (): Hono => new Hono().get("/", (context) => context.text("hello"));

describe("serving", () => {
  it("takes a free port when asked for port 0, and says which", async () => {
    const { url } = await serve(hello());
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d+$/);
    expect(await (await fetch(url)).text()).toBe("hello");
  });

  it("writes an IPv6 address as a URL needs it", async () => {
    const { url } = await serve(hello(), "::1");
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await fetch(url)).status).toBe(200);
  });

  it("says that the port is taken, and what to do", async () => {
    const { url } = await serve(hello());
    const port = Number(new URL(url).port);
    await expect(listening(hello(), "127.0.0.1", port)).rejects.toMatchObject({
      code: "listen-failed",
      message: `agent.listen: 127.0.0.1:${port} is in use; stop the other agent, or set agent.listen to a free port`,
    });
  });

  it("says that the address is none of this machine", async () => {
    await expect(listening(hello(), "192.0.2.1")).rejects.toMatchObject({
      code: "listen-failed",
      message: expect.stringContaining("cannot listen on 192.0.2.1:0 (EADDRNOTAVAIL)"),
    });
  });

  it("lets go of the port when it is closed, with a connection open or not", async () => {
    const server = await listening(hello());
    await (await fetch(server.url)).text();
    await server.close();
    const port = Number(new URL(server.url).port);
    const next = createServer();
    await new Promise<void>((resolve, reject) => next.once("error", reject).listen(port, "127.0.0.1", resolve));
    await new Promise((resolve) => next.close(resolve));
  });
});

describe("the real OFREP provider", () => {
  it("gets the variant, keeps it sticky per user, and follows a rollback with the next evaluation", async () => {
    let share = 1;
    const flag = (): ServedFlag => ({
      state: { flag: "model", share, enabled: share > 0, revision: String(share) },
      values: { baseline: "old", canary: "new" },
    });
    const handlers = {
      flags: () => new Map([["model", flag()]]),
      tokens: NO_TOKENS,
      links: null,
    } as unknown as RouteHandlers;
    const { url } = await serve(createRoutes({ token: "a-long-token", hosts: [] }, handlers));
    await OpenFeature.setProviderAndWait(
      new OFREPProvider({ baseUrl: url, headers: [["authorization", "Bearer a-long-token"]] }),
    );
    const client = OpenFeature.getClient();
    const variantOf = async (targetingKey: string): Promise<string> =>
      (await client.getStringDetails("model", "fallback", { targetingKey })).value;

    expect(await variantOf("user-1")).toBe("new");
    share = 0.5;
    const users = Array.from({ length: 40 }, (_, i) => `user-${i}`);
    const first = await Promise.all(users.map(variantOf));
    expect(new Set(first)).toEqual(new Set(["old", "new"]));
    expect(await Promise.all(users.map(variantOf))).toEqual(first);
    share = 0;
    expect(new Set(await Promise.all(users.map(variantOf)))).toEqual(new Set(["old"]));
    expect(await client.getStringValue("unknown", "fallback")).toBe("fallback");
  });
});
