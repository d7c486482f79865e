import type { FlagState, FlagWrite } from "../../core/flag.ts";
import type { Route } from "../../core/migration.ts";
import type { VariantValues } from "./evaluate-flag.ts";

/** Why a flag could not be read. The same classes as a failed write, so that callers have one way to react. */
export type FlagReadFailure = Extract<FlagWrite, { readonly outcome: "failed" }>;

/** What a flag system can do, and how long it takes. Durations are ms. */
export interface FlagCapabilities {
  /** True when a write can depend on the revision that was read; else the flag is read once more right before it. */
  readonly guards: boolean;
  /** Distance of the shares it can serve, 0-1: 0.01 for whole percents, 0 for any share. */
  readonly shareStep: number;
  /** How long after a write apps may still go by the share before: nobody is paged for calls within it. */
  readonly propagationMs: number;
  /** Shortest time between two looks at a flag that is as it should be; 0 = every round. A decision never waits for it. */
  readonly pollMs: number;
}

/** The flag that routes one migration's traffic. Every failure the outside world can cause is a value; one that throws has a bug. */
export interface RoutedFlag extends Route {
  readonly capabilities: FlagCapabilities;
  /** What the flag serves now, asked of the flag system itself, never of a cache. */
  readonly read: () => Promise<FlagState | FlagReadFailure>;
  /**
   * Serves the canary to `share` (0-1) of the traffic; 0 turns it off. Already there: `unchanged`, nothing written.
   * With a guard, a flag whose revision is another one by now is left alone: `conflict`; where the system has no guards
   * it is never given one.
   */
  readonly setShare: (share: number, guard: { readonly revision: string } | null) => Promise<FlagWrite>;
}

/** A feature-flag system that routes migrations. */
export interface FlagTarget {
  /** The name it has under `flags:` in leeway.yaml. */
  readonly name: string;
  /** The flag of `route`, and what it evaluates to for the two arms. Asks nobody. */
  readonly bind: (route: Route, values: VariantValues) => RoutedFlag;
  /** What is wrong with the target itself, and what to do; empty when nothing is. */
  readonly problem: () => string;
  /** Finishes what is under way. The target is not used after. */
  readonly close: () => Promise<void>;
}

/** True when `answer` is a failure and no state. */
export const isReadFailure = (answer: FlagState | FlagReadFailure): answer is FlagReadFailure => "outcome" in answer;

/** True when two shares are the same one, give or take the rounding of a flag system's own format. */
export const sameShare = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9;
