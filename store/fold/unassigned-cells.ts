import type { Migration } from "../../core/migration.ts";
import { IS_TRAFFIC, onceSql } from "../calls-sql.ts";
import type { Database } from "../database.ts";
import { momentOf } from "../epoch-sql.ts";
import { MINUTES } from "../schema/llm-1m.ts";
import { SPANS } from "../schema/llm-spans.ts";
import { UNASSIGNED } from "../schema/samples.ts";
import { carriedSql } from "./carried-sql.ts";
import { type Cell, callsCell } from "./cell.ts";

/** A service that made calls of the migration within this time is one of its own, where the document names none. */
const ACTIVE_MS = 3_600_000;

const IN_RANGE = `end_ms >= ${momentOf("from")} AND end_ms < ${momentOf("to")}`;

const OWN_SERVICES = `SELECT DISTINCT service FROM ${MINUTES}
  WHERE migration = {migration:String} AND minute >= ${momentOf("activeSince")} AND minute < ${momentOf("to")}`;

const MATCHES = `(({service:String} != '' AND service = {service:String}) OR ({service:String} = '' AND service IN (${OWN_SERVICES})))
  AND ({operation:String} = '' OR operation = {operation:String})`;

/** What the service's calls of the migration do; an embedding is no chat that went astray. */
const OWN_OPERATIONS = `(SELECT groupUniqArray(operation) FROM ${SPANS} WHERE migration = {migration:String} AND ${IN_RANGE})`;

const QUERY = `SELECT countIf(migration = '') AS calls, countIf(migration != '') AS own, ${carriedSql("migration = ''")} AS carried
FROM ${onceSql(`migration IN ('', {migration:String}) AND ${IS_TRAFFIC} AND ${IN_RANGE} AND ${MATCHES}`)}
WHERE migration != '' OR empty(${OWN_OPERATIONS}) OR has(${OWN_OPERATIONS}, operation)`;

/** Whose calls, and those that ended in [from, to), epoch ms. */
export interface UnassignedRequest {
  readonly migration: string;
  readonly match: Migration["match"];
  readonly from: number;
  readonly to: number;
}

/**
 * The calls that `match` names and that belong to no migration, by what they come from, beside the migration's own. None
 * where there are neither.
 */
export const unassignedCells = async (
  database: Database,
  { migration, match, from, to }: UnassignedRequest,
  slot: number,
): Promise<readonly Cell[]> => {
  const [row] = await database.query<{ calls: number; own: number; carried: Cell["bins"] }>(QUERY, {
    ...{ migration, from, to, activeSince: to - ACTIVE_MS },
    ...{ service: match.service ?? "", operation: match.operation ?? "" },
  });
  if (row === undefined || row.calls + row.own === 0) return [];
  return [{ ...callsCell(slot, "baseline", "", row.calls), signal: UNASSIGNED, sum: row.own, bins: row.carried }];
};
