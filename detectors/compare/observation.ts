import type { Arm } from "../../core/cohort.ts";

/** A measured property answers are compared by. */
export interface Measure {
  readonly name: string;
  /** Properties of one family move together; a finding names the family first. */
  readonly family: string;
  /** `flag`: 0 or 1; `number`: any number; `label`: a category. */
  readonly kind: "flag" | "number" | "label";
  /** True for what a reader sees of its family: a finding is named after it where it moved. */
  readonly isSeen?: true;
  /** The family it moves with by nature: where that one moved the same way, this is told under its `also`. */
  readonly follows?: string;
}

/** One answer of one arm: its properties by the name of their measure. What is unknown is left out. */
export interface Observation {
  readonly arm: Arm;
  /** Answers are compared inside their stratum (task); "" where there is none. */
  readonly stratum: string;
  /** The same prompt has the same id, in both arms or again in one; null = by itself. */
  readonly pair: string | null;
  /** Answers of one conversation resemble one another; null = by itself. */
  readonly conversation: string | null;
  readonly values: ReadonlyMap<string, number | string>;
  /** No answer: stands for a prompt that this arm was not asked, or never answered. */
  readonly isAbsent?: true;
}

/** The answers of one arm that are there. */
export const answersOf = (observations: readonly Observation[], arm: Arm): readonly Observation[] =>
  observations.filter((each) => each.arm === arm && each.isAbsent !== true);
