import { MEASURES } from "../../core/measures.ts";
import type { Database } from "../database.ts";
import { epochOf, momentOf } from "../epoch-sql.ts";
import { isOneOf } from "../quote.ts";
import { OUTCOMES } from "../schema/outcomes.ts";
import type { CallRange } from "./call-range.ts";

/** Names of the outcomes that are counted an hour after their call. */
const TICKET_NAMES: readonly string[] = Object.values(MEASURES).flatMap((measure) =>
  measure.from === "outcome" && measure.counts === "hour" ? measure.named : [],
);

/** SQL for the outcomes that tell of a support ticket, or that there was none. */
export const TICKETS: string = isOneOf("name", TICKET_NAMES);

/** What a migration's outcomes are, in short: the cheap question asked on every tick. */
export interface OutcomesTold {
  /** Of the names that are counted: arrived in [from, to). */
  readonly arrived: number;
  /** When the first ticket arrived, epoch ms; null before. */
  readonly firstTicket: number | null;
}

/** Asks it of the outcomes called `names`, and of tickets. */
export const outcomesTold = async (
  database: Database,
  { migration, from, to }: CallRange,
  names: readonly string[],
): Promise<OutcomesTold> => {
  const [row] = await database.query<{ arrived: number; tickets: number; first: number }>(
    `SELECT countIf(NOT ${TICKETS} AND received_ms >= ${momentOf("from")}) AS arrived, countIf(${TICKETS}) AS tickets,
       minIf(${epochOf("received_ms")}, ${TICKETS}) AS first
     FROM ${OUTCOMES} WHERE migration = {migration:String} AND cohort IN ('baseline', 'canary')
       AND received_ms < ${momentOf("to")} AND (${isOneOf("name", names)} OR ${TICKETS})`,
    { migration, from, to },
  );
  const { arrived = 0, tickets = 0, first = 0 } = row ?? {};
  return { arrived, firstTicket: tickets === 0 ? null : first };
};
