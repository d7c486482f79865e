import type { FlagState, FlagWrite } from "../../core/flag.ts";

/** Why a flag could not be read. The same classes as a failed write, so that callers have one way to react. */
export type FlagReadFailure = Extract<FlagWrite, { readonly outcome: "failed" }>;

/**
 * A feature-flag system that routes a migration's traffic. Every failure the outside world can cause is a value; a
 * target that throws has a bug.
 */
export interface FlagTarget {
  /** The name it has under `flags:` in leeway.yaml. */
  readonly name: string;
  /** What the flag serves now, asked of the flag system itself, never of a cache. */
  readonly read: (flag: string) => Promise<FlagState | FlagReadFailure>;
  /**
   * Serves the canary to `share` (0-1) of the traffic; 0 turns it off. Already there: `unchanged`, nothing written.
   * With a guard, a flag whose revision is another one by now is left alone: `conflict`.
   */
  readonly setShare: (flag: string, share: number, guard: { readonly revision: string } | null) => Promise<FlagWrite>;
}

/** True when `answer` is a failure and no state. */
export const isReadFailure = (answer: FlagState | FlagReadFailure): answer is FlagReadFailure => "outcome" in answer;

/** True when two shares are the same one, give or take the rounding of a flag system's own format. */
export const sameShare = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9;
