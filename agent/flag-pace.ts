import type { RoutedFlag } from "../alerts/flags/flag-target.ts";

/** When a flag system wants to be asked again. */
export interface FlagPace {
  /** The problem of the last try (or "") while it has to do for `action`; null = ask now. */
  readonly resting: (action: string) => string | null;
  /** Takes down how a try ended, and for how long the flag system asked to be left alone (Retry-After). */
  readonly answered: (
    wanted: { readonly action: string; readonly latched: boolean },
    problem: string,
    retryAfterMs: number | null,
  ) => void;
}

/** Longest wait that a flag system can ask for, ms: an error in its answer must not end the watch. */
const MAX_ASKED_MS = 600_000;
/** While a rollback is not done: harm does not wait for ten minutes, and a few calls a minute hurt nobody. */
const MAX_ASKED_IN_ROLLBACK_MS = 15_000;

/**
 * The pace of one flag. A decision is carried out at once, whatever was asked for before it: each new action is a try of its own.
 * After that a flag that is as it should be is looked at every `pollMs`, and a failure is repeated when its answer allows.
 */
export const createFlagPace = ({ capabilities }: RoutedFlag, now: () => number): FlagPace => {
  let last: { readonly action: string; readonly problem: string; readonly until: number } | null = null;
  return {
    resting: (action) => (last !== null && last.action === action && now() < last.until ? last.problem : null),
    answered: ({ action, latched }, problem, retryAfterMs) => {
      const asked = Math.min(retryAfterMs ?? 0, latched ? MAX_ASKED_IN_ROLLBACK_MS : MAX_ASKED_MS);
      last = { action, problem, until: now() + (problem === "" ? Math.max(capabilities.pollMs, asked) : asked) };
    },
  };
};
