import type { Database } from "./database.ts";
import { CALLS_OF_RANGE, type CallRange } from "./fold/call-range.ts";
import { SPANS } from "./schema/llm-spans.ts";

/** Minutes in which both arms had calls of a key before it counts as shared: somebody who changes arms has one or two. */
const MIN_SHARED = 3;
/** Shared keys that are told, those with the most calls. */
const MAX_KEYS = 100;

/**
 * SQL for a targeting key that tells users apart; needs the parameter `shared`, what readSharedKeys() found. The others
 * are no key.
 */
export const OWN_KEY = "if(has({shared:Array(String)}, targeting_key_hash), '', targeting_key_hash)";

/**
 * Hashes of the targeting keys of which both arms have calls minute by minute: in at least three minutes, and in half of
 * those of the arm with fewer. The flag did not decide about them as a whole, so that they are not whom the arms were
 * given to: the account of a service, under which everybody's calls run.
 */
export const readSharedKeys = async (database: Database, range: CallRange): Promise<readonly string[]> => {
  const rows = await database.query<{ readonly key: string }>(
    `SELECT key FROM (
      SELECT targeting_key_hash AS key, toStartOfMinute(end_ms) AS minute,
        countIf(cohort = 'canary') AS canary, countIf(cohort = 'baseline') AS baseline
      FROM ${SPANS} WHERE ${CALLS_OF_RANGE} AND targeting_key_hash != ''
      GROUP BY key, minute)
    GROUP BY key
    HAVING countIf(canary > 0 AND baseline > 0) >= {minutes:UInt32}
      AND 2 * countIf(canary > 0 AND baseline > 0) >= least(countIf(canary > 0), countIf(baseline > 0))
    ORDER BY sum(canary + baseline) DESC, key LIMIT {most:UInt32}`,
    { ...range, minutes: MIN_SHARED, most: MAX_KEYS },
  );
  return rows.map(({ key }) => key);
};
