import type { OverloadStats } from "../../core/collector-stats.ts";

/** Tells a burst from an overload that lasts. */
export interface OverloadWatch {
  readonly refused: () => void;
  readonly stats: () => OverloadStats;
}

/** Refused senders come again within a few seconds; who has not refused anybody for this long is over it, ms. */
const QUIET_MS = 10_000;

/** Creates the watch; `elapsed` is monotonic, ms. */
export const createOverloadWatch = (elapsed: () => number): OverloadWatch => {
  let spell: { readonly began: number; last: number; count: number } | null = null;
  const current = () => (spell !== null && elapsed() - spell.last <= QUIET_MS ? spell : null);
  return {
    refused: () => {
      spell = current() ?? { began: elapsed(), last: 0, count: 0 };
      spell.last = elapsed();
      spell.count += 1;
    },
    stats: () => {
      const going = current();
      return going === null
        ? { overloadedForMs: null, refusedInSpell: 0 }
        : { overloadedForMs: elapsed() - going.began, refusedInSpell: going.count };
    },
  };
};
