/** How far the newest calls of one sender lie behind their arrival. */
export interface ClockLag {
  /** A call that arrived at `receivedMs` and ended `lagMs` before by its sender's clock. In order of arrival. */
  readonly add: (lagMs: number, receivedMs: number) => void;
  /** How far the sender's clock is behind, ms, when it has been so for a minute; null when that cannot be said. */
  readonly behindMs: () => number | null;
}

const BUCKET_MS = 10_000;
const BUCKETS = 7;
/** A sender of few calls is known by its last seven buckets with one, none of them older than this. */
const KEPT_MS = 1_800_000;

/** A clock is told from a backlog by more than a minute of arrivals, in at least this many of the buckets. */
const MIN_SPAN_MS = 50_000;
const MIN_BUCKETS = 4;

/** The freshest call of each ten seconds lies behind by the same, give or take what exporters wait. */
const STEADY_MS = 30_000;

interface Bucket {
  readonly start: number;
  readonly least: number;
}

/**
 * A sender whose clock is behind and one that hands over a backlog both send calls that look old. The freshest call of
 * each ten seconds tells them apart: with a wrong clock it is always equally old, while a backlog is worked off faster
 * than it came about, and its calls look younger and younger.
 */
export const createClockLag = (): ClockLag => {
  let buckets: readonly Bucket[] = [];
  return {
    add: (lagMs, receivedMs) => {
      const start = Math.floor(receivedMs / BUCKET_MS) * BUCKET_MS;
      const newest = buckets.at(-1);
      if (newest?.start === start) {
        if (lagMs < newest.least) buckets = [...buckets.slice(0, -1), { start, least: lagMs }];
        return;
      }
      const recent = buckets.filter((bucket) => bucket.start > start - KEPT_MS && bucket.start < start);
      buckets = [...recent.slice(1 - BUCKETS), { start, least: lagMs }];
    },
    behindMs: () => {
      const [first, last] = [buckets[0], buckets.at(-1)];
      if (first === undefined || last === undefined || buckets.length < MIN_BUCKETS) return null;
      if (last.start - first.start < MIN_SPAN_MS) return null;
      const lags = buckets.map(({ least }) => least);
      const [least, most] = [Math.min(...lags), Math.max(...lags)];
      return most - least <= STEADY_MS ? least : null;
    },
  };
};
