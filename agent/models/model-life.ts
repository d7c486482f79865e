/** When a model ends, as its vendor says. Days are `2027-01-14`, UTC: calls fail from its first moment on. */
export interface ModelLife {
  /** The day it is retired; null = none was announced. */
  readonly retires: string | null;
  /** The vendor promises it until this day and no longer; null = nothing is promised, or `retires` says more. */
  readonly notBefore: string | null;
  /** The day it was announced; null = unknown. */
  readonly announced: string | null;
  /** The page that says so; empty = whoever wrote the line does. */
  readonly source: string;
  /** The day that page was read; null = unknown. */
  readonly seen: string | null;
}

/** Lives by model name. */
export type LifeTable = ReadonlyMap<string, ModelLife>;

const DAY_MS = 86_400_000;

/** Whole days from `now` (epoch ms) to the first moment of `day`, rounded up; 0 or less = it has come. */
export const daysUntil = (day: string, now: number): number => Math.ceil((Date.parse(day) - now) / DAY_MS);
