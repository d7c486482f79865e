import { tellOwnError } from "./shield.ts";

/** Work that is done a little later, and at once when the process ends. */
export interface Deferred {
  /** `work` runs after what the app does now. It must not throw. */
  readonly defer: (work: () => void | Promise<void>) => void;
  /** Runs what still waits: all of it that needs no further wait itself. */
  readonly runNow: () => void;
}

/** `soon` runs a function after the app's own work of this turn. */
export const createDeferred = (soon: (fn: () => void) => void): Deferred => {
  const waiting = new Set<() => void | Promise<void>>();
  const run = (work: () => void | Promise<void>): void => {
    if (!waiting.delete(work)) return;
    try {
      void work();
    } catch (error) {
      // The others run all the same.
      tellOwnError(error);
    }
  };
  return {
    defer: (work) => {
      waiting.add(work);
      soon(() => run(work));
    },
    runNow: () => {
      for (const work of [...waiting]) run(work);
    },
  };
};
