import { createHash } from "node:crypto";
import { encodeLine } from "../../core/encode-line.ts";
import type { Database } from "../database.ts";
import { epochOf, momentOf } from "../epoch-sql.ts";
import { insertLines } from "../insert-lines.ts";
import { PAIR_WORD_COLUMNS, PAIR_WORDS } from "../schema/pair-words.ts";
import type { JudgedPair, WordsRequest } from "./judged-pair.ts";

const RECEIVED = PAIR_WORD_COLUMNS.indexOf("received_ms");

const lineOf = (row: JudgedPair): string =>
  encodeLine([
    ...[row.migration, row.pairId, Math.floor(row.receivedMs), row.segment],
    ...[row.word, row.rule, row.cluster, Math.floor(row.judgedMs)],
  ]);

/** See Store.insertPairWords. */
export const insertPairWords = async (database: Database, rows: readonly JudgedPair[]): Promise<void> => {
  if (rows.length === 0) return;
  const lines = rows.map(lineOf).join("");
  const token = `pair-words:${createHash("sha256").update(lines).digest("hex")}`;
  const table = { table: PAIR_WORDS, columns: PAIR_WORD_COLUMNS, dayColumn: RECEIVED };
  await insertLines(database, table, { token, lines, rows: rows.length });
};

/** See Store.pairWords. */
export const pairWords = async (
  database: Database,
  { migration, fromMs, untilMs }: WordsRequest,
): Promise<JudgedPair[]> =>
  database.query<JudgedPair>(
    `SELECT migration, pair_id AS pairId, ${epochOf("received_ms")} AS receivedMs, segment, word, rule, cluster,
       ${epochOf("judged_ms")} AS judgedMs
     FROM ${PAIR_WORDS}
     WHERE migration = {migration:String} AND received_ms >= ${momentOf("from")} AND received_ms <= ${momentOf("until")}
     ORDER BY judged_ms DESC, word LIMIT 1 BY pair_id, segment`,
    { migration, from: Math.floor(fromMs), until: Math.floor(untilMs) },
  );
