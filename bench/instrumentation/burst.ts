import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { installPackages } from "../../test/peers/install-packages.ts";
import { createCollector } from "./collector.ts";
import { startServers } from "./start-servers.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const PRELOAD = join(dirname(dirname(HERE)), "dist", "instrumentation", "preload.cjs");

/** A port of loopback that is free at this moment. */
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return Object(address).port;
};

const WITHIN_MS = 120_000;

/** What became of a burst. */
export interface BurstOutcome {
  /** Spans that arrived, each counted once. */
  readonly arrived: number;
  /** How long that took from the moment the collector was up. */
  readonly afterMs: number;
}

/** How large the burst is, and how long the collector stays away. */
export interface Burst {
  readonly calls: number;
  readonly downMs: number;
}

/**
 * Makes `calls` calls as fast as an app can while the collector is down, starts the collector after `downMs`, and waits
 * for the spans.
 */
export const measureBurst = async ({ calls, downMs }: Burst): Promise<BurstOutcome> => {
  const folder = join(HERE, "peers", "leeway");
  const reason = await installPackages(folder);
  if (reason !== null) throw new Error(reason);
  const servers = await startServers();
  const port = await freePort();
  const env = { CALLS: String(calls), FOLDER: folder, OPENAI_BASE_URL: `${servers.provider}/v1`, OPENAI_API_KEY: "sk" };
  const spool = mkdtempSync(join(tmpdir(), "leeway-burst-"));
  const endpoint = { LEEWAY_ENDPOINT: `http://127.0.0.1:${port}`, LEEWAY_SPOOL_DIR: spool };
  const args = ["--require", PRELOAD, join(HERE, "measured", "burst.cjs")];
  const start = performance.now();
  const child = spawn(process.execPath, args, { env: { ...env, ...endpoint }, stdio: ["pipe", "pipe", "ignore"] });
  await once(child.stdout, "data");
  await sleep(Math.max(0, downMs - (performance.now() - start)));
  const collector = await createCollector(port);
  const up = performance.now();
  while (collector.received() < calls && performance.now() - up < WITHIN_MS) await sleep(20);
  const afterMs = performance.now() - up;
  child.stdin.end();
  await once(child, "exit");
  await Promise.all([collector.close(), servers.close()]);
  rmSync(spool, { recursive: true, force: true });
  return { arrived: collector.received(), afterMs };
};
