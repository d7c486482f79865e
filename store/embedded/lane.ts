/** Runs jobs side by side up to a number, the others wait in order. */
export interface Lane {
  /** Resolves like `job`; rejects with `LaneFull` when too many already wait. */
  readonly run: <T>(job: () => Promise<T>) => Promise<T>;
}

/** Too many jobs wait for one lane. */
export class LaneFull extends Error {}

/**
 * A lane for one kind of work, so that a slow query of one kind never delays another: a connection of the engine runs
 * one query at a time, and all of them share its thread pool. `width` jobs run, `waiting` more may wait.
 */
export const createLane = ({ width, waiting }: { readonly width: number; readonly waiting: number }): Lane => {
  let running = 0;
  const queue: (() => void)[] = [];
  const enter = (): Promise<void> => {
    if (running < width) {
      running += 1;
      return Promise.resolve();
    }
    if (queue.length >= waiting) return Promise.reject(new LaneFull());
    return new Promise((resolve) => queue.push(resolve));
  };
  const leave = (): void => {
    const next = queue.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  return {
    run: async (job) => {
      await enter();
      try {
        return await job();
      } finally {
        leave();
      }
    },
  };
};
