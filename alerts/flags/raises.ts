import type { FlagReadFailure } from "./flag-target.ts";

/** A raise that takes longer was given up by who asked for it, ms: what was decided since must not be undone by it. */
const RAISE_MS = 10_000;

/** What a raise ends with that was overtaken or given up. */
export const OVERTAKEN: FlagReadFailure = {
  outcome: "failed",
  why: "conflict",
  detail: "given up: something else was decided meanwhile, or it took too long",
  retryAfterMs: null,
};

/** The raises of one flag. */
export interface Raises {
  /** A share is about to be set: of a raise, whether it may take its next step; switching off always may. */
  readonly begin: (share: number) => () => boolean;
}

/**
 * A raise may take several calls, and nobody waits for it for ever: one that a switching-off has overtaken goes no further,
 * and one that was given up does not land after all.
 */
export const createRaises = (): Raises => {
  let switchedOff = 0;
  return {
    begin: (share) => {
      if (share === 0) {
        switchedOff += 1;
        return () => true;
      }
      const [begun, at] = [switchedOff, performance.now()];
      return () => switchedOff === begun && performance.now() - at < RAISE_MS;
    },
  };
};
