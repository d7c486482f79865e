import { randomBytes } from "node:crypto";
import { LeewayError } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import { confine, type Launcher, PLAIN } from "./confine-engine.ts";
import type { EngineHealth } from "./engine-health.ts";
import { type EngineProcess, type EngineSettings, engineFolder, startEngineProcess } from "./engine-process.ts";
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

const PLAIN_WHY = "unshare with user and mount namespaces is not permitted or not there";

/** Starts it held to its folder where the system can; what keeps it from that never keeps it from starting. */
const startFirst = async (
  settings: Omit<EngineSettings, "launcher">,
  { log, elapsed }: { readonly log: Log; readonly elapsed: () => number },
): Promise<{ readonly engine: EngineProcess; readonly launcher: Launcher }> => {
  const times = { patienceMs: PATIENCE_MS, elapsed };
  const launcher = await confine(engineFolder(settings.dir));
  const plain = async (why: string) => {
    const engine = await startEngineProcess({ ...settings, launcher: PLAIN }, times);
    log.info(`store: the engine may write wherever its user may: ${why}`);
    return { engine, launcher: PLAIN };
  };
  if (launcher === null) return plain(PLAIN_WHY);
  try {
    const engine = await startEngineProcess({ ...settings, launcher }, times);
    log.info("store: the engine can write in its own folder only");
    return { engine, launcher };
  } catch (error) {
    if (!(error instanceof LeewayError) || error.code !== "store-unavailable") throw error;
    return plain(error.message);
  }
};

/**
 * Starts the engine in a process of its own and starts it again, on the same port, whenever it ends. In between calls
 * find nobody listening, and `health` says why. Throws what startEngineProcess and keepReaderPassword throw.
 */
export const startEmbedded = async (
  settings: Omit<EngineSettings, "passwords" | "launcher">,
  { log, now, elapsed = now }: EmbeddedParts,
): Promise<Embedded> => {
  const passwords = {
    admin: randomBytes(24).toString("base64url"),
    reader: await keepReaderPassword(settings.dir, log),
  };
  const closing = new AbortController();
  const { engine: first, launcher } = await startFirst({ ...settings, passwords }, { log, elapsed });
  const again = { ...settings, port: first.port, passwords, launcher };
  const start = (): Promise<EngineProcess> => startEngineProcess(again, { patienceMs: 0, elapsed });
  const engine = superviseEngine(first, { start, log, elapsed, closing: closing.signal });
  return {
    url: `http://127.0.0.1:${first.port}`,
    user: ADMIN,
    password: passwords.admin,
    reader: { user: READER, password: passwords.reader },
    pid: () => engine.current().pid,
    health: () => ({ ...engine.health(), isConfined: launcher !== PLAIN }),
    close: async () => {
      closing.abort();
      await engine.current().stop();
      await engine.ended;
    },
  };
};
