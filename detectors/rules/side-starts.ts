import { lae } from "../stats/log-space.ts";
import type { Sign } from "../stats/one-sample.ts";

/** One side of a rule about a mean: how far it may be beyond `ratio` times the baseline's, plus `delta`. */
interface Side {
  readonly harm: Sign;
  readonly ratio: number;
  readonly delta: number;
}

/** How a rule with several sides splits the wealth that starts with a tick. */
export interface SideStarts {
  /** Parts of the sides, 0-1, that add up to 1, where `mean` is the baseline's; null while that is not known. */
  readonly shares: (mean: number | null) => readonly number[];
  /** Log-weight that starts now of what the clock gave since the baseline was known last: nothing is bet on before. */
  readonly weight: (logWeight: number, isKnown: boolean) => number;
}

/**
 * The starts of a rule's sides. A mean that cannot be below zero (nor above one, `isShare`) cannot fall (rise) by more
 * than it is: no wealth is spent on a side that cannot be broken as far as was known before the tick.
 */
export const createSideStarts = (sides: readonly Side[], isShare: boolean): SideStarts => {
  let waiting = Number.NEGATIVE_INFINITY;
  const canBreak = ({ harm, ratio, delta }: Side, mean: number): boolean =>
    harm === -1 ? ratio * mean + delta > 0 : !isShare || ratio * mean + delta < 1;
  return {
    shares: (mean) => {
      const open = sides.map((side) => mean === null || canBreak(side, mean));
      const count = open.filter(Boolean).length;
      return open.map((isOpen) => (count === 0 ? 1 / sides.length : isOpen ? 1 / count : 0));
    },
    weight: (logWeight, isKnown) => {
      waiting = lae(waiting, logWeight);
      if (!isKnown) return Number.NEGATIVE_INFINITY;
      const starts = waiting;
      waiting = Number.NEGATIVE_INFINITY;
      return starts;
    },
  };
};
