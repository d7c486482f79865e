import { lengthText } from "../../core/length-text.ts";

/** Compares the clock of the store's machine with the agent's. */
export interface StoreClock {
  /** Asks once; rejects with the store's error. */
  readonly look: () => Promise<void>;
  /** How far the store's clock is ahead (behind: negative), ms, when asked last; null before. */
  readonly skewMs: () => number | null;
  /** One line for people when that is more than a few seconds; null otherwise. */
  readonly problem: () => string | null;
}

/** Less is the time an answer takes on a busy machine. */
const MAX_SKEW_MS = 5_000;

/** `storeNow`: the store's clock, epoch ms; `now`: the agent's. */
export const createStoreClock = (storeNow: () => Promise<number>, now: () => number): StoreClock => {
  let skewMs: number | null = null;
  return {
    look: async () => {
      const asked = now();
      const theirs = await storeNow();
      skewMs = theirs - (asked + now()) / 2;
    },
    skewMs: () => skewMs,
    problem: () =>
      skewMs === null || Math.abs(skewMs) <= MAX_SKEW_MS
        ? null
        : `the store's clock is ${lengthText(Math.abs(skewMs))} ${skewMs > 0 ? "ahead of" : "behind"} the agent's: the order of the ledger and what is kept how long go by it; see that both keep their time (NTP)`,
  };
};
