/** Keeps second calls back for a while where they fail, so that a provider in trouble is left alone. */
export interface Breaker {
  /** True while nothing may be asked. After each pause one call is let through, to see. */
  readonly isOpen: () => boolean;
  /** True while a pause lasts. Lets nothing through. */
  readonly isPaused: () => boolean;
  readonly succeeded: () => void;
  readonly failed: () => void;
}

const FAILURES = 5;
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 300_000;

/** Closed at first. `tick` is monotonic ms. */
export const createBreaker = (tick: () => number): Breaker => {
  let failures = 0;
  let pauseMs = FIRST_PAUSE_MS;
  let until = Number.NEGATIVE_INFINITY;
  return {
    isPaused: () => failures >= FAILURES && tick() < until,
    isOpen: () => {
      if (failures < FAILURES) return false;
      if (tick() < until) return true;
      until = tick() + pauseMs;
      return false;
    },
    succeeded: () => {
      failures = 0;
      pauseMs = FIRST_PAUSE_MS;
    },
    failed: () => {
      failures += 1;
      if (failures < FAILURES) return;
      if (failures > FAILURES) pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
      until = tick() + pauseMs;
    },
  };
};
