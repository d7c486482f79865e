import type { Arm } from "../../core/cohort.ts";

/** A confidence as somebody stated it, before it is known whether numbers above 1 are percentages. */
export interface StatedConfidence {
  readonly value: number;
  /** True where a percent sign said so; `value` is 0 to 1 then. */
  readonly isPercent: boolean;
}

/** One answer with what it takes to judge its confidence. What is unknown is left out. */
export interface CalibrationRecord {
  readonly cohort: Arm;
  /** null = no text, or not given. */
  readonly output: string | null;
  readonly task: string | undefined;
  readonly prompt_id: string | undefined;
  readonly conversation_id: string | undefined;
  /** Stated beside the answer, or in it. */
  readonly stated: StatedConfidence | undefined;
  /** Mean log-probability of the answer's tokens, 0 or less. */
  readonly meanLogprob: number | undefined;
  readonly correct: boolean | undefined;
  /** The right answer. */
  readonly label: string | undefined;
  readonly scores: Readonly<Record<string, number>> | undefined;
}
