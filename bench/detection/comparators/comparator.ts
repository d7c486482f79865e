import type { ArmMinute, Minute } from "../streams/stream.ts";

/** Another tool's rule: takes the minutes in turn and says whether it has rolled back. */
export type Comparator = (minute: Minute, at: number) => boolean;

/**
 * What a comparator is told of a rule: the number it looks at, and how far it may go. `bad up` always: a rate that may
 * not fall is given as its complement.
 */
export interface Measured {
  /** The number of one arm in one minute: a rate, a mean, a quantile. Null without calls. */
  readonly value: (minute: ArmMinute) => number | null;
  /** Mean and sum of squares of a minute's values; null where the number is a quantile. */
  readonly moments:
    | ((minute: ArmMinute) => { readonly n: number; readonly sum: number; readonly squares: number })
    | null;
  /** Highest canary value that respects the rule while the baseline is as expected: what a fixed threshold is set to. */
  readonly threshold: number;
  /** How far the canary may be from the baseline: ratio * baseline + delta; null = an absolute limit only. */
  readonly margin: { readonly ratio: number; readonly delta: number } | null;
}

/** A comparator by the name it has in the table, for a rule. */
export interface Method {
  readonly name: string;
  /** Null where the tool has nothing for such a rule. */
  readonly create: (measured: Measured) => Comparator | null;
}
