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
