import { once } from "node:events";
import { loadConfig } from "../../agent/config/load-config.ts";
import { createAgent } from "../../agent/create-agent.ts";
import { createLog } from "../../agent/create-log.ts";
import { endOnBug } from "../end-on-bug.ts";
import type { Terminal } from "../terminal.ts";
import { VERSION } from "../version.ts";

/** How long what was cut short may keep the process, once everything is closed. */
const LINGER_MS = 500;

/**
 * `leeway start`: runs the agent until SIGINT or SIGTERM, then stores what was acknowledged and ends. SIGHUP reads the documents
 * again.
 */
export const start = async (
  config: string,
  { output, errors }: { readonly output: Terminal; readonly errors: Terminal },
): Promise<0> => {
  // Whatever the agent writes from here on is its owner's alone: calls, flags, passwords.
  process.umask(0o077);
  const loaded = loadConfig(config, process.env);
  const log = createLog(errors.print, Date.now);
  endOnBug(process, log);
  const stopped = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  // A receiver of the agent's own telemetry that does not answer is given up later than the agent may end.
  const endSoon = (): void => {
    if (loaded.settings.agent.telemetry) setTimeout(() => process.exit(), LINGER_MS).unref();
  };
  const parts = { now: Date.now, log, stdout: output, version: VERSION };
  const agent = await createAgent(loaded, parts).catch((error: unknown) => {
    endSoon();
    throw error;
  });
  log.info("the agent is up", {
    status: agent.url,
    otlp: agent.collectorUrl,
    clickhouse: agent.store.endpoint.url,
    migrations: agent.runners.map(({ migration }) => migration.name).join(", ") || "none",
  });
  // Of a terminal that is closed it says what it always did: end.
  if (!process.stdin.isTTY) process.on("SIGHUP", () => void agent.reload());
  await stopped;
  log.info("stopping");
  await agent.close();
  endSoon();
  return 0;
};
