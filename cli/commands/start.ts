import { once } from "node:events";
import { loadConfig } from "../../agent/config/load-config.ts";
import { createAgent } from "../../agent/create-agent.ts";
import { createLog } from "../../agent/create-log.ts";
import { VERSION } from "../version.ts";

/** `leeway start`: runs the agent until SIGINT or SIGTERM, then stores what was acknowledged and ends. */
export const start = async (config: string): Promise<0> => {
  // Whatever the agent writes from here on is its owner's alone: calls, flags, passwords.
  process.umask(0o077);
  const loaded = loadConfig(config, process.env);
  const log = createLog((line) => process.stderr.write(line), Date.now);
  const stopped = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  const agent = await createAgent(loaded, { now: Date.now, log, stdout: process.stdout, version: VERSION });
  log.info("the agent is up", {
    status: agent.url,
    otlp: agent.collectorUrl,
    clickhouse: agent.store.endpoint.url,
    migrations: loaded.migrations.map(({ name }) => name).join(", ") || "none",
  });
  await stopped;
  log.info("stopping");
  await agent.close();
  return 0;
};
