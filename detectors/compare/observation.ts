import type { Arm } from "../../core/cohort.ts";

/** A measured property answers are compared by. */
export interface Measure {
  readonly name: string;
  /** Properties of one family move together; a finding names the family first. */
  readonly family: string;
  /** `flag`: 0 or 1; `number`: any number; `label`: a category. */
  readonly kind: "flag" | "number" | "label";
}

/** One answer of one arm: its properties by the name of their measure. What is unknown is left out. */
export interface Observation {
  readonly arm: Arm;
  /** Answers are compared inside their stratum (task); "" where there is none. */
  readonly stratum: string;
  /** The same prompt in both arms has the same id; null = no pair. */
  readonly pair: string | null;
  /** Answers of one conversation resemble one another; null = by itself. */
  readonly conversation: string | null;
  readonly values: ReadonlyMap<string, number | string>;
}
