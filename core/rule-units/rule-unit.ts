import type { RuleDirection, RuleReference } from "../migration.ts";
import { parseDuration, parsePercent } from "../parse-amount.ts";
import type { SignalDefinition } from "../signals.ts";

/** A limit as it was written, read: the number the engine wants, or what was expected instead. */
export type LimitRead = number | { readonly expected: string };

/** How far from a reference a limit is: a share of the reference, and an amount on top. */
export interface Distance {
  readonly ratio: number;
  readonly delta: number;
}

/** Something that does not go together, and what to write instead; one line for the person who wrote it. */
export interface Unsupported {
  readonly problem: string;
  readonly expected: string;
}

/** What a canary would have to look like to be beyond a limit. Levels are means, rates or medians, in the signal's unit. */
export interface LevelRequest {
  readonly limit: number;
  /** The baseline's level. */
  readonly baseline: number;
  /** How many times as far as the limit allows; not 0. */
  readonly factor: number;
  /** Upwards or downwards. */
  readonly sign: 1 | -1;
  /** True for a limit on a quantile. */
  readonly isQuantile: boolean;
  /** What a level of 1 is at the rule's quantile, or on average. */
  readonly valueAt: number;
}

/** One way of saying how far a signal may go, whole: how a limit in it is read, judged, told and tried out. */
export interface RuleUnitType {
  /** The direction of a rule that names none; null = the one in which the signal is worse. */
  readonly direction: RuleDirection | null;
  /** What it is held against, where the unit says so; null = what the rule says. */
  readonly reference: RuleReference | null;
  /** The limit as the engine wants it: shares and points 0-1, amounts in the signal's unit. */
  readonly read: (limit: string | number, signal: SignalDefinition, direction: RuleDirection) => LimitRead;
  /** Null for a limit that stands by itself. */
  readonly distance: (limit: number) => Distance | null;
  /** What the signal called `name`, or the direction, does not go together with it. */
  readonly refuse: (name: string, signal: SignalDefinition, direction: RuleDirection) => Unsupported | null;
  /** The distance in words; `amount` puts an amount of the signal in words. Null for a limit that stands by itself. */
  readonly words: (limit: number, amount: (value: number) => string) => string | null;
  /** The canary's level that far from the baseline. */
  readonly level: (request: LevelRequest) => number;
}

/** A percentage, as a share. */
export const readPercent = (limit: string | number): LimitRead => {
  const share = typeof limit === "string" ? parsePercent(limit) : null;
  return share ?? { expected: "a percentage such as 5%" };
};

/** An amount in the signal's unit. */
export const readAmount = (limit: string | number, { kind, unit }: SignalDefinition): LimitRead => {
  if (kind !== "value") return { expected: `unit: points or relative, as the signal is a ${unit}` };
  if (unit !== "ms") return typeof limit === "number" && limit >= 0 ? limit : { expected: `a number of ${unit}` };
  const ms = typeof limit === "string" ? parseDuration(limit) : null;
  return ms ?? { expected: "a duration such as 200ms or 2s" };
};

/** Nothing is refused. */
export const refusesNothing = (): null => null;
