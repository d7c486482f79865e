import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NO_TOKENS } from "../../../agent/access/token-book.ts";
import { createRoutes, type RouteHandlers } from "../../../agent/http/create-routes.ts";
import { serveRoutes } from "../../../agent/http/serve-routes.ts";
import { DEFAULT_COLLECTOR_SETTINGS } from "../../../collector/collector-settings.ts";
import { createCollector } from "../../../collector/create-collector.ts";
import type { Log } from "../../../core/log.ts";
import { descriptorLimit, shareDescriptors } from "../../../http/descriptor-limit.ts";
import { unstored } from "../../collector/unstored.ts";

// Run by connections.test.ts as a process of its own with few descriptors: both listeners as the agent opens them, on a
// store that takes everything. Prints their addresses on one line, then what is logged.

const log: Log = {
  info: () => undefined,
  warn: (message) => void process.stdout.write(`warn ${message}\n`),
  error: (message) => void process.stdout.write(`error ${message}\n`),
};
const clocks = { now: Date.now, elapsed: () => performance.now(), log };
const limits = shareDescriptors(descriptorLimit());

const collector = await createCollector(
  {
    ...DEFAULT_COLLECTOR_SETTINGS,
    listen: { host: "127.0.0.1", port: 0 },
    spool: { dir: mkdtempSync(join(process.argv[2] ?? tmpdir(), "spool-")), maxBytes: 1_000_000_000 },
    maxConnections: limits.ingest,
  },
  unstored(log),
);

const flag = {
  state: { flag: "model", share: 1, enabled: true, revision: "r" },
  values: { baseline: "old", canary: "new" },
};
const handlers = {
  flags: () => new Map([["model", flag]]),
  command: async () => ({ outcome: "done", problem: "" }),
  tokens: NO_TOKENS,
  links: null,
  scopeOf: () => "operate",
  failed: (error: Error) => log.error(`an answer failed: ${error.message}`),
} as unknown as RouteHandlers;
const listen = { host: "127.0.0.1", port: 0 };
const agent = await serveRoutes(
  createRoutes({ token: null, hosts: [] }, handlers),
  { listen, tls: null, maxConnections: limits.agent },
  clocks,
);

process.stdout.write(`${JSON.stringify({ agent: agent.url, collector: collector.url })}\n`);
process.once("SIGTERM", async () => {
  await agent.close();
  await collector.close();
  process.exit(0);
});
