/** Lets people's commands go before ingest: both share one loop, one processor and one store. */
export interface Precedence {
  /** Runs a command; ingest rests meanwhile, as far as its rest goes. */
  readonly first: <T>(command: () => Promise<T>) => Promise<T>;
  /** Resolves when no command is under way that ingest rests for. Never rejects. */
  readonly clear: () => Promise<void>;
}

/** Longer than any command takes that gets what it waits for. */
const LONGEST_MS = 2_000;

/** What ingest has rested is made up for by working twice as long: commands without end must not stop it. */
const REFILL = 0.5;

interface Rest {
  readonly began: number;
  readonly over: Promise<void>;
  readonly end: () => void;
}

/**
 * Creates it. Ingest rests for `longestMs` at the longest, also where a command waits for something else (a store, a flag
 * system), and for a third of the time where commands do not end. `elapsed` is monotonic, ms.
 */
export const createPrecedence = (elapsed: () => number, longestMs: number = LONGEST_MS): Precedence => {
  let commands = 0;
  let rest: Rest | null = null;
  let [left, since] = [longestMs, elapsed()];

  const wake = (): void => {
    if (rest === null) return;
    left -= elapsed() - rest.began;
    since = elapsed();
    rest.end();
    rest = null;
  };
  const lieDown = (): void => {
    left = Math.min(longestMs, left + (elapsed() - since) * REFILL);
    since = elapsed();
    if (left <= 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(wake, left);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    rest = { began: elapsed(), over: promise, end };
  };
  return {
    first: async (command) => {
      if (commands === 0) lieDown();
      commands += 1;
      try {
        return await command();
      } finally {
        commands -= 1;
        if (commands === 0) wake();
      }
    },
    clear: async () => {
      while (rest !== null) await rest.over;
    },
  };
};
