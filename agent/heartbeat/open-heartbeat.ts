import type { Config } from "../config/load-config.ts";
import type { Job } from "../monitors/open-monitors.ts";
import { createHeartbeat, type Heartbeat, type HeartbeatParts, heartbeatJob } from "./heartbeat.ts";
import { type JudgingParts, judgingTrouble } from "./judging-trouble.ts";

/** Beyond a tick and its settling: what a slow round may take. */
const GRACE_MS = 60_000;

/** The heartbeat of leeway.yaml; null where there is none. */
export const openHeartbeat = (
  { settings }: Config,
  parts: Omit<HeartbeatParts, "trouble"> & Omit<JudgingParts, "patienceMs">,
): Heartbeat | null => {
  const { heartbeat, agent } = settings;
  if (heartbeat === null) return null;
  const judging = { ...parts, patienceMs: agent.tick + agent.settle + GRACE_MS };
  return createHeartbeat(
    { url: heartbeat.url, everyMs: heartbeat.every },
    { ...parts, trouble: () => judgingTrouble(judging) },
  );
};

/** What the schedule has to do for it. */
export const heartbeatJobs = (heartbeat: Heartbeat | null): readonly Job[] =>
  heartbeat === null ? [] : [heartbeatJob(heartbeat)];
