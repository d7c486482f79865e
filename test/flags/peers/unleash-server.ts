import { randomBytes } from "node:crypto";
import { type Child, startChild } from "../../../demo/child.ts";
import { freePort } from "../../../demo/free-port.ts";
import { startDatabase } from "./database.ts";
import { installPeers, peerPath, versionOf } from "./packages.ts";

/** A real Unleash. */
export interface UnleashServer {
  readonly url: string;
  readonly adminToken: string;
  /** A token for SDKs, of the environment `development`. */
  readonly clientToken: string;
  /** What runs: versions of Unleash and of its database. */
  readonly kind: string;
  /** A call of the admin API; throws unless it is answered with 2xx. */
  readonly admin: <T = unknown>(method: string, path: string, body?: unknown) => Promise<T>;
  readonly close: () => Promise<void>;
}

const READY_MS = 120_000;

const waitUntilHealthy = async (child: Child, url: string): Promise<string | null> => {
  const deadline = Date.now() + READY_MS;
  for (;;) {
    const health = await fetch(`${url}/health`).catch(() => null);
    if (health?.ok) return null;
    if (!child.isRunning() || Date.now() > deadline) return child.output().slice(-500);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

/** Installs and starts one with an empty database; or why it cannot be had. */
export const startUnleashServer = async (): Promise<UnleashServer | { readonly missing: string }> => {
  const missing = await installPeers(["unleash-server", "unleash-client"]);
  if (missing !== null) return { missing };
  const database = await startDatabase();
  if ("missing" in database) return database;
  const [port, secret] = [await freePort(), randomBytes(16).toString("hex")];
  const [adminToken, clientToken] = [`*:*.${secret}`, `default:development.${secret}`];
  const main = peerPath("unleash-server", "dist/server.js");
  const environment = {
    DATABASE_URL: database.url,
    DATABASE_SSL: "false",
    HTTP_HOST: "127.0.0.1",
    HTTP_PORT: String(port),
    INIT_ADMIN_API_TOKENS: adminToken,
    INIT_BACKEND_API_TOKENS: clientToken,
    CHECK_VERSION: "false",
    SEND_TELEMETRY: "false",
    LOG_LEVEL: "error",
    TZ: "UTC",
  };
  const child = await startChild([main], { cwd: process.cwd(), environment });
  const url = `http://127.0.0.1:${port}`;
  const close = async (): Promise<void> => {
    await child.stop("SIGKILL");
    await database.close();
  };
  const problem = await waitUntilHealthy(child, url);
  if (problem !== null) {
    await close();
    return { missing: `Unleash did not start: ${problem.replaceAll(/\s+/g, " ")}` };
  }
  return {
    url,
    adminToken,
    clientToken,
    kind: `Unleash ${versionOf("unleash-server")}, ${database.kind}`,
    admin: async <T>(method: string, path: string, body?: unknown) => {
      const headers = { authorization: adminToken, "content-type": "application/json" };
      const answer = await fetch(`${url}/api/admin${path}`, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path}: HTTP ${answer.status} ${text.slice(0, 200)}`);
      return (text === "" ? undefined : JSON.parse(text)) as T;
    },
    close,
  };
};
