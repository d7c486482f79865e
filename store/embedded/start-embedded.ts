import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import { type EngineProcess, startEngineProcess } from "./engine-process.ts";
import { ADMIN } from "./users.ts";

/** The embedded engine as seen by the agent: an HTTP address, kept alive. */
export interface Embedded {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Process id of the engine; it changes when the engine was restarted. */
  readonly pid: () => number;
  readonly close: () => Promise<void>;
}

/** Restarts before the engine is given up; the count starts anew after ten quiet minutes. */
const MAX_RESTARTS = 5;
const QUIET_MS = 600_000;

const backoffMs = (restarts: number): number => Math.min(100 * 2 ** restarts, 5_000);

/**
 * Starts the engine in a process of its own and restarts it, on the same port, when it crashes. In between calls find
 * nobody listening; after the fifth crash in a row it stays down and says so. Throws what startEngineProcess throws.
 */
export const startEmbedded = async (
  settings: { readonly dir: string; readonly port: number },
  { log, now }: { readonly log: Log; readonly now: () => number },
): Promise<Embedded> => {
  const secret = randomBytes(24).toString("base64url");
  const closing = new AbortController();
  let current: EngineProcess = await startEngineProcess({ ...settings, secret });
  const { port } = current;
  const restart = async (restarts: number): Promise<void> => {
    await delay(backoffMs(restarts), undefined, { signal: closing.signal });
    const next = await startEngineProcess({ dir: settings.dir, port, secret });
    current = next;
    if (closing.signal.aborted) await next.stop();
  };
  const supervise = async (): Promise<void> => {
    let restarts = 0;
    let crashed = Number.NEGATIVE_INFINITY;
    for (;;) {
      await current.ended;
      if (closing.signal.aborted) return;
      restarts = now() - crashed > QUIET_MS ? 1 : restarts + 1;
      crashed = now();
      if (restarts > MAX_RESTARTS) throw new Error(`it crashed ${restarts} times in a row`);
      log.warn("store: the embedded engine ended unexpectedly and is restarted", { restarts });
      await restart(restarts);
    }
  };
  const supervised = supervise().catch((error: unknown) => {
    if (closing.signal.aborted) return;
    log.error(`store: the embedded engine is down; ${messageOf(error)}; restart the agent`);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    user: ADMIN,
    password: secret,
    pid: () => current.pid,
    close: async () => {
      closing.abort();
      await current.stop();
      await supervised;
    },
  };
};
