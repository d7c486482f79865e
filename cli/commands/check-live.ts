import type { Config } from "../../agent/config/load-config.ts";
import { createLog } from "../../agent/create-log.ts";
import { checkChannels, checkHeartbeat } from "../../agent/live/check-channels.ts";
import { checkFlags } from "../../agent/live/check-flags.ts";
import { checkPreflight } from "../../agent/live/check-preflight.ts";
import { type LiveState, worstOf } from "../../agent/live/live-line.ts";
import { createChannels } from "../../alerts/channels/create-channels.ts";
import { printableLine } from "../../core/printable.ts";
import type { ExitCode } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";

const EXIT: Readonly<Record<LiveState, ExitCode>> = { wrong: 1, unknown: 4, ok: 0, unused: 0 };

const WORD: Readonly<Record<LiveState, string>> = { wrong: "WRONG", unknown: "unknown", ok: "ok", unused: "unused" };

/** How long something that hangs may keep the process after all is said. */
const LINGER_MS = 1_000;

/**
 * `leeway check --live`: asks every flag system, every channel and where the heartbeat goes, and says what of the pre-flight is
 * known without the agent. Exit 1 when something is wrong, 4 when something is not
 * known, else 0.
 */
export const checkLive = async (
  config: Config,
  { output, errors }: { readonly output: Terminal; readonly errors: Terminal },
): Promise<ExitCode> => {
  const log = createLog(errors.print, Date.now);
  const { alerts, heartbeat } = config.settings;
  const channels = createChannels(alerts, { now: Date.now, stdout: output });
  const asked = [checkFlags(config, { log, now: Date.now }), checkChannels(channels), checkHeartbeat(heartbeat)];
  const ready = checkPreflight(config.migrations, { ...config, now: Date.now() });
  const lines = [...(await Promise.all(asked)).flat(), ...ready];
  for (const { state, place, text } of lines)
    output.print(`${WORD[state].padEnd(7)}  ${printableLine(place)}: ${printableLine(text)}\n`);
  setTimeout(() => process.exit(), LINGER_MS).unref();
  return EXIT[worstOf(lines)];
};
