/** So many calls in any window of so many ms. */
export interface CallLimit {
  /** Counts one call. False: it is one too many. */
  readonly take: () => boolean;
  readonly remaining: () => number;
  /** When the oldest counted call leaves the window, epoch ms. */
  readonly resetAt: () => number;
  /** Uses up what is left, as other clients of the same account do. */
  readonly fill: () => void;
  readonly clear: () => void;
}

/** Several limits at once: a call counts in all of them, or is one too many for one. */
export const callLimits = (...limits: readonly CallLimit[]): CallLimit => ({
  take: () =>
    limits.every((limit) => limit.remaining() > 0) && limits.map((limit) => limit.take()).every((each) => each),
  remaining: () => Math.min(...limits.map((limit) => limit.remaining())),
  resetAt: () => Math.max(...limits.filter((limit) => limit.remaining() <= 0).map((limit) => limit.resetAt())),
  // of the first alone, the shortest
  fill: () => limits[0]?.fill(),
  clear: () => {
    for (const limit of limits) limit.clear();
  },
});

/** A sliding window, as vendors limit their APIs. */
export const callLimit = (max: number, windowMs: number, now: () => number): CallLimit => {
  let calls: number[] = [];
  const count = (): number => {
    calls = calls.filter((at) => at > now() - windowMs);
    return calls.length;
  };
  return {
    take: () => {
      const isFree = count() < max;
      if (isFree) calls.push(now());
      return isFree;
    },
    remaining: () => max - count(),
    resetAt: () => (calls[0] ?? now()) + windowMs,
    fill: () => {
      calls = Array.from({ length: max }, now);
    },
    clear: () => {
      calls = [];
    },
  };
};
