import type { CostDifference } from "../core/cost-difference.ts";

/**
 * Why a call of a migration's canary costs more or less than one of its baseline, in the stage it stands at.
 * `GET /api/v1/migrations/<name>/cost` answers with it.
 */
export interface CostView {
  readonly schema: "leeway.cost/1";
  readonly migration: string;
  /** The calls that ended in [from, to) are counted, epoch ms. */
  readonly from: number;
  readonly to: number;
  /** Null where the calls could not be read. */
  readonly difference: CostDifference | null;
  /** Why they could not, and what to do; empty where they could. */
  readonly problem: string;
}
