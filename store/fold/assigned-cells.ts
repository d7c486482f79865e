import type { Audience } from "../../core/audience.ts";
import type { Database } from "../database.ts";
import { momentOf } from "../epoch-sql.ts";
import { SPANS } from "../schema/llm-spans.ts";
import { ASSIGNED } from "../schema/samples.ts";
import { ofAudienceSql } from "./audience-sql.ts";
import { type Cell, callsCell } from "./cell.ts";
import { startOfNewest } from "./design-effects.ts";

/** Newest calls that are looked at, and how far back: a mismatch that was mended is forgotten in a day. */
const MAX_CALLS = 100_000;
const LOOKBACK_MS = 86_400_000;

/** A ramp reaches the apps with the next poll of their flag SDKs; calls of before it still end. */
const GRACE_MS = 600_000;

/** A conversation that began this long before the stage may go on with the arm it had then. */
const BEFORE_MS = 21_600_000;

const whomSql = (audience: Audience | null): string => (audience === null ? "1" : ofAudienceSql(audience));

/**
 * Whom the flag decided about: the user it knows, else the conversation, else the call. Where some calls carry the
 * migration's flag, only those count: the others were never put to it.
 */
const unitsSql = (audience: Audience | null): string => `SELECT cohort, end_ms,
  multiIf(targeting_key_hash != '', 'user', conversation_id != '', 'conversation', 'call') AS kind,
  multiIf(kind = 'user', targeting_key_hash, kind = 'conversation', conversation_id, concat(trace_id, span_id)) AS unit,
  flag_key = {flag:String} AS flagged, max(flag_key = {flag:String}) OVER () AS has_flag
FROM (SELECT * FROM ${SPANS}
  WHERE migration = {migration:String} AND cohort IN ('baseline', 'canary') AND ${whomSql(audience)}
    AND end_ms >= ${momentOf("from")} AND end_ms < ${momentOf("to")}
  ORDER BY end_ms DESC LIMIT ${MAX_CALLS})`;

/** Each unit counts once, for the arm of its first call of the stage: what came of that call cannot bias it. */
const queryOf = (
  audience: Audience | null,
): string => `SELECT arm, count() AS units, countIf(kind != 'call') AS identified FROM (
  SELECT kind, unit, min(end_ms) AS began, countIf(end_ms >= ${momentOf("counted")}) AS calls,
    argMinIf(cohort, end_ms, end_ms >= ${momentOf("counted")}) AS arm
  FROM (${unitsSql(audience)}) WHERE flagged = has_flag
  GROUP BY kind, unit)
WHERE calls > 0 AND (kind != 'conversation' OR began >= ${momentOf("counted")})
GROUP BY arm`;

/** What is asked about: the stage that began at `stageSince`, up to `to`; epoch ms. */
export interface AssignedRequest {
  readonly migration: string;
  readonly flag: string;
  readonly stageSince: number;
  readonly to: number;
  /** Whom the stage's share is for; null or left out = everybody. */
  readonly audience?: Audience | null;
}

/** The users, conversations and calls of a stage by the arm they were given; none while the stage is young. */
export const assignedCells = async (
  database: Database,
  { migration, flag, stageSince, to, audience = null }: AssignedRequest,
  slot: number,
): Promise<readonly Cell[]> => {
  const counted = stageSince + GRACE_MS;
  if (to <= counted) return [];
  const range = { from: Math.max(counted - BEFORE_MS, to - LOOKBACK_MS), to, calls: MAX_CALLS };
  const from = await startOfNewest(database, migration, range);
  const rows = await database.query<{ arm: string; units: number; identified: number }>(queryOf(audience), {
    migration,
    flag,
    from,
    to,
    counted: Math.max(counted, from),
  });
  return rows.map(({ arm, units, identified }) => ({
    ...callsCell(slot, arm, "", units),
    signal: ASSIGNED,
    sum: identified,
  }));
};
