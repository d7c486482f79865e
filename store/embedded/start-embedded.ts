import { randomBytes } from "node:crypto";
import type { Log } from "../../core/log.ts";
import type { EngineHealth } from "./engine-health.ts";
import { type EngineProcess, type EngineSettings, startEngineProcess } from "./engine-process.ts";
import { keepReaderPassword } from "./reader-password.ts";
import { superviseEngine } from "./supervise-engine.ts";
import { ADMIN, READER } from "./users.ts";

/** The embedded engine as seen by the agent: an HTTP address, kept alive. */
export interface Embedded {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Who may only read. */
  readonly reader: { readonly user: string; readonly password: string };
  /** Process id of the engine; it changes when the engine was restarted. */
  readonly pid: () => number;
  readonly health: () => EngineHealth;
  readonly close: () => Promise<void>;
}

/** What starting needs from outside. */
export interface EmbeddedParts {
  readonly log: Log;
  /** Epoch ms. */
  readonly now: () => number;
  /** Monotonic ms, which no change of the clock moves; default: `now`. */
  readonly elapsed?: () => number;
}

/** An agent that was just killed leaves its engine a moment to notice and let go. */
const PATIENCE_MS = 6_000;

/**
 * Starts the engine in a process of its own and starts it again, on the same port, whenever it ends. In between calls
 * find nobody listening, and `health` says why. Throws what startEngineProcess and keepReaderPassword throw.
 */
export const startEmbedded = async (
  settings: Omit<EngineSettings, "passwords">,
  { log, now, elapsed = now }: EmbeddedParts,
): Promise<Embedded> => {
  const passwords = {
    admin: randomBytes(24).toString("base64url"),
    reader: await keepReaderPassword(settings.dir, log),
  };
  const closing = new AbortController();
  const first = await startEngineProcess({ ...settings, passwords }, { patienceMs: PATIENCE_MS, elapsed });
  const again = { ...settings, port: first.port, passwords };
  const start = (): Promise<EngineProcess> => startEngineProcess(again, { patienceMs: 0, elapsed });
  const engine = superviseEngine(first, { start, log, elapsed, closing: closing.signal });
  return {
    url: `http://127.0.0.1:${first.port}`,
    user: ADMIN,
    password: passwords.admin,
    reader: { user: READER, password: passwords.reader },
    pid: () => engine.current().pid,
    health: engine.health,
    close: async () => {
      closing.abort();
      await engine.current().stop();
      await engine.ended;
    },
  };
};
