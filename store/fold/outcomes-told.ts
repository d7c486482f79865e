import type { Database } from "../database.ts";
import { epochOf, momentOf } from "../epoch-sql.ts";
import { OUTCOMES } from "../schema/outcomes.ts";
import type { CallRange } from "./visible-cells.ts";

/** SQL for the outcomes that tell of a support ticket, or that there was none. */
export const TICKETS = "name IN ('support_ticket', 'support_tickets')";

/** What a migration's outcomes are, in short: the cheap question asked on every tick. */
export interface OutcomesTold {
  /** Arrived in [from, to). */
  readonly arrived: number;
  /** When the first ticket arrived, epoch ms; null before. */
  readonly firstTicket: number | null;
}

/** Asks it. */
export const outcomesTold = async (database: Database, { migration, from, to }: CallRange): Promise<OutcomesTold> => {
  const [row] = await database.query<{ arrived: number; tickets: number; first: number }>(
    `SELECT countIf(received_ms >= ${momentOf("from")}) AS arrived, countIf(${TICKETS}) AS tickets,
       minIf(${epochOf("received_ms")}, ${TICKETS}) AS first
     FROM ${OUTCOMES} WHERE migration = {migration:String} AND cohort IN ('baseline', 'canary')
       AND received_ms < ${momentOf("to")}`,
    { migration, from, to },
  );
  const { arrived = 0, tickets = 0, first = 0 } = row ?? {};
  return { arrived, firstTicket: tickets === 0 ? null : first };
};
