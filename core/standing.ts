/** Where a migration stands, as one word an on-call person can act on. */
export type Standing =
  | "running"
  | "paused"
  | "waiting-for-approval"
  /** a drill keeps the canary off for a moment */
  | "drilling"
  /** the flag is flipped, canary calls have not yet been seen to stop */
  | "rolling-back"
  | "rolled-back"
  /** the drain was not proven in time: canary calls still arrive, or the spans cannot tell */
  | "not-rolled-back"
  /** given up by a person, and canary calls have provably stopped */
  | "abandoned"
  | "done";
