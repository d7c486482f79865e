import type { Arm } from "../../core/cohort.ts";

/** An answer whose confidence and outcome are both known. */
export interface ConfidentAnswer {
  readonly arm: Arm;
  /** 0 to 1. */
  readonly confidence: number;
  readonly isRight: boolean;
  /** What it hangs together with: answers of one cluster are one draw; the same one in both arms makes a pair. */
  readonly cluster: string;
}

/** A figure with the interval it lies in, at the confidence stated beside it. */
export interface Estimate {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}
