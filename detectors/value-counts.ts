/** Values that are counted; of more the rarest are forgotten. A value with 0.1% of the calls is never among those. */
const MAX_VALUES = 1000;
/** Weight of the past halves in a day. */
const HOURLY_DECAY = 2 ** (-1 / 24);
const MAX_HOURS = 10_000;

/** Calls of one value: since it was first counted, and with the past fading. */
export interface ValueCount {
  ever: number;
  recent: number;
}

/** Calls per value of one segment name, in bounded memory. */
export interface ValueCounts {
  readonly add: (calls: Iterable<readonly [value: string, calls: number]>) => void;
  /** Lets so many hours pass. */
  readonly fade: (hours: number) => void;
  /** Makes what was counted so far count as this much of itself, 0-1. */
  readonly weigh: (weight: number) => void;
  readonly entries: () => Iterable<readonly [value: string, count: Readonly<ValueCount>]>;
  readonly recent: (value: string) => number;
  /** Calls of all values, those that were forgotten included: the past fading, and all. */
  readonly total: () => number;
  readonly ever: () => number;
}

/**
 * Counts of nothing. Memory is bounded as by Misra and Gries (Finding repeated elements, 1982): beyond 1000 values all are
 * lowered by what the first one too many has, so that what is left undercounts a value by 0.1% of the calls at most.
 */
export const createValueCounts = (): ValueCounts => {
  const counts = new Map<string, ValueCount>();
  let [total, ever] = [0, 0];

  const lower = (): void => {
    if (counts.size <= MAX_VALUES) return;
    const sorted = [...counts.values()].map(({ recent }) => recent).sort((a, b) => b - a);
    const least = sorted[MAX_VALUES] ?? 0;
    for (const [value, count] of counts) {
      count.recent -= least;
      if (count.recent <= 0) counts.delete(value);
    }
  };
  const weigh = (weight: number): void => {
    total *= weight;
    for (const count of counts.values()) count.recent *= weight;
  };

  return {
    add: (calls) => {
      for (const [value, n] of calls) {
        const count = counts.get(value) ?? { ever: 0, recent: 0 };
        if (n > 0) counts.set(value, count);
        count.ever += n;
        count.recent += n;
        total += n;
        ever += n;
      }
      lower();
    },
    fade: (hours) => {
      if (hours > 0) weigh(HOURLY_DECAY ** Math.min(hours, MAX_HOURS));
    },
    weigh,
    entries: () => counts,
    recent: (value) => counts.get(value)?.recent ?? 0,
    total: () => total,
    ever: () => ever,
  };
};
