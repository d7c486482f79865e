import type { CostDifference } from "./cost-difference.ts";

/** Why a call of a migration's canary cost more or less than one of its baseline, in one hour of the clock. */
export interface CostHour {
  readonly migration: string;
  /** When the hour begins, epoch ms. */
  readonly hour: number;
  readonly difference: CostDifference;
}
