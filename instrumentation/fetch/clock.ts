/** Time as a call needs it: when it happened, and how long it took even if the wall clock is set meanwhile. */
export interface Clock {
  /** Wall clock, epoch ms. */
  readonly now: () => number;
  /** Monotonic, ms since any origin. */
  readonly tick: () => number;
}
