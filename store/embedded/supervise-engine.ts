import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import type { EngineHealth } from "./engine-health.ts";
import type { EngineProcess } from "./engine-process.ts";

/** What a supervisor works with. */
export interface SupervisorParts {
  /** Starts the engine again. Rejects when that fails; it is called again later. */
  readonly start: () => Promise<EngineProcess>;
  readonly log: Log;
  /** Monotonic ms: the wall clock may jump. */
  readonly elapsed: () => number;
  /** Ends the supervision; whoever aborts it stops the engine. */
  readonly closing: AbortSignal;
}

/** An engine that is started again, for ever. */
export interface SupervisedEngine {
  /** The process started last. */
  readonly current: () => EngineProcess;
  readonly health: () => Omit<EngineHealth, "isConfined">;
  /** Resolves when the supervision has ended. */
  readonly ended: Promise<void>;
}

/** An engine that ran this long starts anew with a short wait. */
const QUIET_MS = 60_000;

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 30_000;

/** How long to wait after so many failures in a row, at least one. */
export const backoffMs = (failures: number): number => Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS);

/**
 * Starts the engine again whenever it ends, at once after a long run and ever later, up to half a minute, while it keeps
 * failing. It never gives up: what keeps it from starting (a port, a lock, a full disk) may pass at any time.
 */
export const superviseEngine = (first: EngineProcess, parts: SupervisorParts): SupervisedEngine => {
  const { start, log, elapsed, closing } = parts;
  let current = first;
  let [failures, restarts, began] = [0, 0, elapsed()];
  let down: EngineHealth["down"] = null;

  const tryStart = async (): Promise<boolean> => {
    await delay(backoffMs(failures), undefined, { signal: closing });
    try {
      current = await start();
      return true;
    } catch (error) {
      failures += 1;
      down = { why: messageOf(error), tries: (down?.tries ?? 0) + 1 };
      log.error(`store: the embedded engine does not start and is tried again; ${down.why}`, { tries: down.tries });
      return false;
    }
  };

  const afterEnd = async (): Promise<void> => {
    failures = elapsed() - began >= QUIET_MS ? 1 : failures + 1;
    restarts += 1;
    down = { why: "it ended unexpectedly and is restarted", tries: 0 };
    log.warn("store: the embedded engine ended unexpectedly and is restarted", { restarts });
    while (!(await tryStart()));
    down = null;
    began = elapsed();
  };

  const supervise = async (): Promise<void> => {
    for (;;) {
      await current.ended;
      if (closing.aborted) return;
      await afterEnd();
      if (closing.aborted) await current.stop();
    }
  };

  const ended = supervise().catch((error: unknown) => {
    // Closing interrupts the wait.
    if (!closing.aborted) log.error(`store: the embedded engine is no longer watched; ${messageOf(error)}`);
  });
  return { current: () => current, health: () => ({ restarts, down }), ended };
};
