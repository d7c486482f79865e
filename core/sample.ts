import type { Arm } from "./cohort.ts";
import type { SignalName } from "./signals.ts";

/** Name of the segment that holds every call. Others are `name=value`, e.g. `input_type=faq`. */
export const OVERALL = "";

/**
 * Sufficient statistics of one signal for one arm, segment and tick. Only calls whose value is known are in it:
 * a call without usage is absent from the token signals, not zero.
 */
export interface Sample {
  readonly signal: SignalName;
  readonly cohort: Arm;
  /** OVERALL or `name=value`. */
  readonly segment: string;
  /** Calls whose value is known. */
  readonly n: number;
  /** Events for a rate, the sum for a value or a score, 0 for a category. */
  readonly sum: number;
  /** Counts per bin: bucket index (value), hundredth (score) or label (category), as text. Empty for a rate. */
  readonly bins: Readonly<Record<string, number>>;
}

/** Calls of one arm and segment in a tick, whether or not any signal is known. */
export interface CallCount {
  readonly cohort: Arm;
  readonly segment: string;
  readonly calls: number;
}

/**
 * The smallest closed slice of event time that is judged once: calls that ended in [from, to), and calls that ended
 * earlier but arrived after their own tick was closed. Times are epoch ms.
 */
export interface Tick {
  readonly migration: string;
  readonly from: number;
  readonly to: number;
  /** Index of the stage the migration stood at, 0-based. */
  readonly stage: number;
  /** Canary share configured for that stage, 0-1. */
  readonly share: number;
  readonly calls: readonly CallCount[];
  readonly samples: readonly Sample[];
  /**
   * How much calls of one conversation or user resemble one another, per signal: the factor by which that inflates the
   * variance of a sum, at least 1. Taken from earlier baseline calls; on the ticks that renew it only.
   */
  readonly designEffects?: Readonly<Partial<Record<SignalName, number>>>;
}
