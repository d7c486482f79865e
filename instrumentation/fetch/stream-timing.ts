/** How evenly a stream came, measured where the app reads it. */
export interface StreamTiming {
  /** Pieces the app was given; the network may join or cut the provider's events. */
  readonly chunks: number;
  /** Waits between one piece and the next, in ms; null with fewer than two pieces. */
  readonly meanGapMs: number | null;
  readonly maxGapMs: number | null;
}

/** Measures the pieces of one stream. Times are monotonic ms. */
export interface StreamTimer {
  /** The app asked for more. */
  readonly reading: (at: number) => void;
  readonly chunk: (at: number) => void;
  readonly timing: () => StreamTiming;
}

/** Starts before the first piece. A wait begins when the app asks, so that a slow app does not look like a slow model. */
export const createStreamTimer = (): StreamTimer => {
  let chunks = 0;
  let askedAt = 0;
  let sum = 0;
  let max = 0;
  return {
    reading: (at) => {
      askedAt = at;
    },
    chunk: (at) => {
      chunks += 1;
      if (chunks === 1) return;
      sum += at - askedAt;
      max = Math.max(max, at - askedAt);
    },
    timing: () => ({
      chunks,
      meanGapMs: chunks < 2 ? null : sum / (chunks - 1),
      maxGapMs: chunks < 2 ? null : max,
    }),
  };
};
