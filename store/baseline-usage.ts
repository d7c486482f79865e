import type { Migration } from "../core/migration.ts";
import { onceSql } from "./calls-sql.ts";
import type { Database } from "./database.ts";
import { baselineParams, CALLS_OF_BASELINE } from "./fold/fold-past.ts";
import { SPANS } from "./schema/llm-spans.ts";

/** Mean tokens of a call whose usage is known. Prompt tokens include those read from the cache and written to it. */
export interface CallUsage {
  /** All calls of that time. */
  readonly calls: number;
  /** Those whose prompt and answer tokens are known, which the means are of. */
  readonly counted: number;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly writtenTokens: number;
  /** Answer tokens, reasoning among them. */
  readonly outputTokens: number;
}

/** Of more calls than this a random part is read. */
const MAX_CALLS = 200_000;

const IS_COUNTED = "isNotNull(input_tokens) AND isNotNull(output_tokens)";

const mean = (column: string): string => `if(counted = 0, 0, sumIf(ifNull(${column}, 0), ${IS_COUNTED}) / counted)`;

const QUERY = `SELECT count() AS seen, countIf(${IS_COUNTED}) AS counted, ${mean("input_tokens")} AS inputTokens,
  ${mean("cached_tokens")} AS cachedTokens, ${mean("cache_write_tokens")} AS writtenTokens,
  ${mean("output_tokens")} AS outputTokens
FROM ${onceSql(`${CALLS_OF_BASELINE} AND cityHash64(trace_id, span_id) % {every:UInt32} = 0`)}`;

/** What the calls of a baseline use, of those that ended in [from, to), epoch ms, whatever migration they are of. */
export const baselineUsage = async (
  database: Database,
  migration: Pick<Migration, "match" | "baseline">,
  range: { readonly from: number; readonly to: number },
): Promise<CallUsage> => {
  const params = baselineParams(migration, range);
  const [all] = await database.query<{ calls: number }>(
    `SELECT count() AS calls FROM ${SPANS} WHERE ${CALLS_OF_BASELINE}`,
    params,
  );
  const every = Math.max(1, Math.ceil((all?.calls ?? 0) / MAX_CALLS));
  const [row] = await database.query<CallUsage & { readonly seen: number }>(QUERY, { ...params, every });
  const { seen = 0, counted = 0, inputTokens = 0, cachedTokens = 0, writtenTokens = 0, outputTokens = 0 } = row ?? {};
  return { calls: seen * every, counted: counted * every, inputTokens, cachedTokens, writtenTokens, outputTokens };
};
