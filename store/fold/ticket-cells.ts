import { onceSql } from "../calls-sql.ts";
import type { Database } from "../database.ts";
import { epochOf, momentOf } from "../epoch-sql.ts";
import { OUTCOMES } from "../schema/outcomes.ts";
import type { CallRange } from "./call-range.ts";
import { type Cell, SLOT_MS } from "./cell.ts";
import { TICKETS } from "./outcomes-told.ts";
import type { SlotValues } from "./slot-values.ts";

/**
 * A ticket counts for a call that ended at most this long before it, and the call is judged when this has passed.
 * Calls of equal age are compared: counted as they arrive, tickets about last week's calls would be held against
 * today's traffic, and a young canary would look good because its tickets have not been written yet.
 */
export const TICKET_WINDOW_MS = 3_600_000;

const OF_MIGRATION = "migration = {migration:String} AND cohort IN ('baseline', 'canary')";

const JUDGED = `(${epochOf("end_ms")} + ${TICKET_WINDOW_MS})`;

const SLOT = `intDiv(${JUDGED}, ${SLOT_MS}) * ${SLOT_MS}`;

/** The first ticket of a call; one that says 0 tells that there was none. */
const FIRST_TICKETS = `(SELECT trace_id, span_id, min(received_ms) AS arrived FROM ${OUTCOMES}
  WHERE ${OF_MIGRATION} AND ${TICKETS} AND (value IS NULL OR value >= 0.5)
    AND received_ms >= ${momentOf("endedFrom")} AND received_ms < ${momentOf("to")}
  GROUP BY trace_id, span_id)`;

const CALLS = onceSql(`${OF_MIGRATION} AND end_ms >= ${momentOf("endedFrom")} AND end_ms < ${momentOf("endedTo")}`);

const queryOf = (values: SlotValues): string => `SELECT ${SLOT} AS slot, cohort, segment, count() AS n,
  countIf(ticket.trace_id != '' AND ${epochOf("ticket.arrived")} <= ${JUDGED}) AS sum
FROM ${CALLS} AS call LEFT ANY JOIN ${FIRST_TICKETS} AS ticket
  ON call.trace_id = ticket.trace_id AND call.span_id = ticket.span_id
ARRAY JOIN ${values.segmentsSql(SLOT)} AS segment
GROUP BY slot, cohort, segment`;

type Row = Omit<Cell, "signal" | "bins">;

/**
 * The calls whose hour for a ticket ended in [from, to), per minute of that end, arm and segment. None that ended
 * before the migration's first ticket arrived: an app that tells of no tickets must not look like one without any.
 */
export const ticketCells = async (
  database: Database,
  { migration, from, to }: CallRange,
  values: SlotValues,
  firstTicket: number,
): Promise<readonly Cell[]> => {
  if (firstTicket >= to - TICKET_WINDOW_MS) return [];
  const endedFrom = Math.max(firstTicket, from - TICKET_WINDOW_MS);
  const params = { migration, to, endedFrom, endedTo: to - TICKET_WINDOW_MS };
  const rows = await database.query<Row>(queryOf(values), params);
  return rows.map((row) => ({ ...row, signal: "support_tickets", bins: {} }));
};
