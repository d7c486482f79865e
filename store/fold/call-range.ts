import { momentOf } from "../epoch-sql.ts";

/** The calls that ended in [from, to), epoch ms. */
export interface CallRange {
  readonly migration: string;
  readonly from: number;
  readonly to: number;
}

/** SQL condition for the calls of both arms that ended in a range. */
export const CALLS_OF_RANGE: string = `migration = {migration:String} AND cohort IN ('baseline', 'canary')
  AND end_ms >= ${momentOf("from")} AND end_ms < ${momentOf("to")}`;
