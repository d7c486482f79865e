/** How evenly a stream came, measured where the app reads it. */
export interface StreamTiming {
  /** Pieces the app was given; the network may join or cut the provider's events. */
  readonly chunks: number;
  /** Waits between one piece and the next, in ms; null with fewer than two pieces. */
  readonly meanGapMs: number | null;
  readonly maxGapMs: number | null;
}

/**
 * Measures the pieces of one stream. Times are monotonic ms. A wait begins when the app asks, so that a slow app does
 * not look like a slow model.
 */
export class StreamTimer {
  #chunks = 0;
  #askedAt = 0;
  #sum = 0;
  #max = 0;

  /** The app asked for more. */
  reading(at: number): void {
    this.#askedAt = at;
  }

  chunk(at: number): void {
    this.#chunks += 1;
    if (this.#chunks === 1) return;
    const gap = at - this.#askedAt;
    this.#sum += gap;
    if (gap > this.#max) this.#max = gap;
  }

  timing(): StreamTiming {
    const chunks = this.#chunks;
    return {
      chunks,
      meanGapMs: chunks < 2 ? null : this.#sum / (chunks - 1),
      maxGapMs: chunks < 2 ? null : this.#max,
    };
  }
}
