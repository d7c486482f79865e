import { onceSql } from "../calls-sql.ts";
import type { Database } from "../database.ts";
import { momentOf } from "../epoch-sql.ts";

/** What second calls took. */
export interface ShadowSpend {
  /** But for those that held two texts against each other. */
  readonly calls: number;
  /** Of those that say so, in and out. */
  readonly tokens: number;
  /** US dollars, of those with a known price. */
  readonly usd: number;
  /** Answered calls without one. */
  readonly unpriced: number;
}

const CALLS = `migration = {migration:String} AND cohort = 'shadow' AND end_ms >= ${momentOf("since")}`;

const QUERY = `SELECT countIf(operation != 'embeddings') AS calls,
  sum(ifNull(input_tokens, 0) + ifNull(output_tokens, 0)) AS tokens,
  sum(ifNull(cost_usd, 0)) AS usd,
  countIf(isNull(cost_usd) AND error = 0) AS unpriced
FROM ${onceSql(CALLS)}`;

/** See Store.shadowSpend. */
export const shadowSpend = async (database: Database, migration: string, sinceMs: number): Promise<ShadowSpend> => {
  const [row] = await database.query<ShadowSpend>(QUERY, { migration, since: Math.floor(sinceMs) });
  return row ?? { calls: 0, tokens: 0, usd: 0, unpriced: 0 };
};
