/** Wealth of the segments that are known when they are; the rest is for those that come later. */
const POOL = 0.95;
const LATER = 1 - POOL;

/** How the wealth of a rule's segments is split: what is given never adds up to more than 1. */
export interface SegmentShares {
  /**
   * Share of the wealth, 0-1, of a segment that opens now: its part of the traffic is `share`, and `shares` are those of
   * all segments that are known by now. In proportion to the roots: a segment that has most of the calls needs the
   * least of them for a proof, and a small one must not be left without.
   */
  readonly open: (share: number, shares: readonly number[]) => number;
}

/** A split of which nothing is given yet. */
export const createSegmentShares = (): SegmentShares => {
  let [given, later] = [0, 0];
  return {
    open: (share, shares) => {
      const total = shares.reduce((sum, each) => sum + Math.sqrt(each), 0);
      const wanted = total > 0 ? (POOL * Math.sqrt(share)) / total : 0;
      const part = Math.min(wanted, POOL - given);
      // The k-th that finds nothing left has 1 / k(k+1) of what was kept back: together they have all of it.
      if (part < wanted * 0.99 || part <= 0) {
        later += 1;
        return LATER / (later * (later + 1));
      }
      given += part;
      return part;
    },
  };
};
