import { type Audience, type Exposure, sameAudience } from "../../core/audience.ts";
import type { FlagState, FlagWrite } from "../../core/flag.ts";
import type { Route } from "../../core/migration.ts";
import type { VariantValues } from "./evaluate-flag.ts";

/** Why a flag could not be read. The same classes as a failed write, so that callers have one way to react. */
export type FlagReadFailure = Extract<FlagWrite, { readonly outcome: "failed" }>;

/** A failure that is told in our own words. `retryAfterMs`: how long the other side wants to be left alone. */
export const flagFailure = (
  why: FlagReadFailure["why"],
  detail: string,
  retryAfterMs: number | null = null,
): FlagReadFailure => ({ outcome: "failed", why, detail, retryAfterMs });

/** What a flag system can do, and how long it takes. Durations are ms. */
export interface FlagCapabilities {
  /** True when off is a switch of the flag's own, which leaves shares and rules as they are; else off is a share of 0. */
  readonly kill: boolean;
  /** True when the candidate can be given to a part of the traffic alone (see Audience), and reading the flag tells to which. */
  readonly segments: boolean;
  /** Why it cannot serve one audience all the same, to follow the target's name, and what is expected; empty when it can. Default: it can. */
  readonly cannotServe?: (audience: Audience) => string;
  /** True when the system itself refuses a write on another revision; else the last look before it is the guard. */
  readonly guards: boolean;
  /** Distance of the shares it can serve, 0-1: 0.01 for whole percents, 0 for any share, 1 for on and off alone. */
  readonly shareStep: number;
  /** How long after a write apps may still go by the share before: nobody is paged for calls within it. */
  readonly propagationMs: number;
  /** Shortest time between two looks at a flag that is as it should be; 0 = every round. A decision never waits for it. */
  readonly pollMs: number;
}

/** The variant that one arm is given. */
export interface FlagVariant {
  readonly arm: "baseline" | "canary";
  /** What the flag system calls it. */
  readonly name: string;
  /** What apps get, on one line; null where the flag system holds no value (on means the candidate). */
  readonly value: string | null;
}

/** What a flag system says about a flag, for people. Its texts are one line each, without secrets. */
export interface FlagReport {
  readonly state: FlagState;
  /** The arms that have a variant. */
  readonly variants: readonly FlagVariant[];
  /** Whether a flip would be allowed; null = it cannot be known without one. */
  readonly mayWrite: boolean | null;
  /** How that is known, or why not. */
  readonly mayWriteBecause: string;
  /** What else people should know: the environment, the strategy or rule that carries the share. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** What keeps the flag from routing this migration, and what to do, one line each; empty when nothing does. */
  readonly problems: readonly string[];
}

/** The flag that routes one migration's traffic. Every failure the outside world can cause is a value; one that throws has a bug. */
export interface RoutedFlag extends Route {
  readonly capabilities: FlagCapabilities;
  /** What the flag serves now, asked of the flag system itself, never of a cache. */
  readonly read: () => Promise<FlagState | FlagReadFailure>;
  /**
   * Serves the canary to `share` (0-1) of the traffic, of the `audience`'s alone where there is one (default: everybody), and to
   * nobody else; 0 turns it off for all. A target without `segments` in its capabilities is never asked for an audience. Already there: `unchanged`, nothing written, unless
   * `again` asks for it: somebody does not go by what the flag reads. With a guard, a flag whose revision is another one
   * by now is left alone: `conflict`. A raise that was overtaken by a switching-off, or given up, goes no further.
   */
  readonly setShare: (
    share: number,
    guard: { readonly revision: string } | null,
    again?: boolean,
    audience?: Audience | null,
  ) => Promise<FlagWrite>;
  /** What the flag system says about it. Serves nothing else afterwards than before: at most a value already there is written. */
  readonly inspect: () => Promise<FlagReport | FlagReadFailure>;
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

/** True when `answer` is a failure and not what was asked for. */
export const isReadFailure = (answer: object | FlagReadFailure): answer is FlagReadFailure =>
  "outcome" in answer && answer.outcome === "failed";

/** True when two shares are the same one, give or take the rounding of a flag system's own format. */
export const sameShare = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9;

/** True when two flags serve the same share to the same people. */
export const sameExposure = (a: Exposure, b: Exposure): boolean =>
  sameShare(a.share, b.share) && (sameShare(a.share, 0) || sameAudience(a.audience, b.audience));
