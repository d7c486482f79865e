import type { Database } from "./database.ts";
import { epochOf, momentOf } from "./epoch-sql.ts";

/** Ids of the rows of `table` received since `sinceMs`, epoch ms; newest first, at most `limit`. */
export const recentIds = async (
  database: Database,
  table: string,
  sinceMs: number,
  limit: number,
): Promise<string[]> => {
  const rows = await database.query<{ id: string }>(
    `SELECT id FROM ${table}
     WHERE received_ms >= ${momentOf("since")} ORDER BY ${epochOf("received_ms")} DESC LIMIT {limit:UInt64}`,
    { since: Math.floor(sinceMs), limit },
  );
  return rows.map(({ id }) => id);
};
