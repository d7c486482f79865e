import { createHash } from "node:crypto";
import { OUTCOME_COLUMNS, type OutcomeRow } from "../../core/outcome-row.ts";
import type { Database } from "../database.ts";
import { epochOf, momentOf } from "../epoch-sql.ts";
import { OUTCOME_EVENTS, OUTCOME_INSERT_COLUMNS, OUTCOMES } from "../schema/outcomes.ts";
import { type FoundCall, findCalls } from "./find-calls.ts";
import { matchCall } from "./match-call.ts";

/** An outcome may come this long after its call ended. */
export const CALL_AGE_MS: number = 7 * 86_400_000;

/** Most outcomes that are looked at in one go, the newest first: a flood without calls must not hold up the others. */
const MAX_WAITING = 5_000;

/** Outcomes per search: their ids are part of its statement, which may be 256 KiB long. */
const PAGE = 500;

/** After this every call of the outcome's trace has arrived, as far as the senders are well. */
const ARRIVED_MS = 30_000;

/** Most outcomes come this soon after their call, and the latest calls are found at once. */
const RECENT_MS = 900_000;

/** A call that comes in after its outcome: only calls that came in this long before the outcome, or later, are new. */
const OVERLAP_MS = 60_000;

/** Of one that was sent twice the first: it came before whatever was said of the call in between. */
const waitingSince = (database: Database, since: number): Promise<OutcomeRow[]> =>
  database.query<OutcomeRow>(
    `SELECT * REPLACE (${epochOf("at_ms")} AS at_ms, ${epochOf("received_ms")} AS received_ms) FROM (
       SELECT * FROM (
         SELECT * FROM ${OUTCOME_EVENTS}
         WHERE received_ms >= ${momentOf("since")}
           AND id NOT IN (SELECT id FROM ${OUTCOMES} WHERE received_ms >= ${momentOf("since")})
         ORDER BY received_ms, id LIMIT 1 BY id
       ) ORDER BY received_ms DESC, id LIMIT ${MAX_WAITING}
     )`,
    { since },
  );

const encode = (row: OutcomeRow, { trace_id, span_id, migration, cohort, segments }: FoundCall): string => {
  const known = { ...row, trace_id, span_id };
  return JSON.stringify([...OUTCOME_COLUMNS.map((column) => known[column]), migration, cohort, segments]);
};

const earliest = (rows: readonly OutcomeRow[]): number => Math.min(...rows.map(({ received_ms }) => received_ms));

const distinct = (ids: readonly string[]): readonly string[] => [...new Set(ids)].filter((id) => id !== "");

const insert = async (database: Database, lines: readonly string[]): Promise<void> => {
  if (lines.length === 0) return;
  const text = `${lines.join("\n")}\n`;
  const columns = [...OUTCOME_INSERT_COLUMNS, "migration", "cohort", "segments"];
  const token = `outcomes:${createHash("sha256").update(text).digest("hex")}`;
  await database.insert({ table: OUTCOMES, columns, lines: text, rows: lines.length, token });
};

/**
 * Ties those of the outcomes to their calls whose call is among the calls that came in since `receivedSince`; returns
 * the others.
 */
const tie = async (
  database: Database,
  rows: readonly OutcomeRow[],
  receivedSince: number,
  allArrived: (row: OutcomeRow) => boolean,
): Promise<readonly OutcomeRow[]> => {
  const calls = await findCalls(database, {
    traces: distinct(rows.map(({ trace_id }) => trace_id)),
    responses: distinct(rows.map(({ response_id }) => response_id)),
    endedSince: Math.floor(earliest(rows) - CALL_AGE_MS),
    receivedSince: Math.max(0, Math.floor(receivedSince)),
  });
  const matched = rows.map((row) => ({ row, call: matchCall(row, calls, allArrived(row)) }));
  await insert(
    database,
    matched.flatMap(({ row, call }) => (call === null ? [] : [encode(row, call)])),
  );
  return matched.filter(({ call }) => call === null).map(({ row }) => row);
};

const pagesOf = (rows: readonly OutcomeRow[]): readonly (readonly OutcomeRow[])[] =>
  Array.from({ length: Math.ceil(rows.length / PAGE) }, (_, page) => rows.slice(page * PAGE, (page + 1) * PAGE));

/** Ties outcomes to their calls: those that came in in [since, until), epoch ms, and have none yet. */
export type ResolveOutcomes = (since: number, until: number) => Promise<void>;

/**
 * Creates the function that ties outcomes to their calls. A call is looked for among the latest, where most are, then
 * among those of the week before its outcome; that again, once, when all of its trace has arrived; and in between, for
 * as long as the outcome is among those asked about, among the calls that came in since. Where only a part of the calls
 * is looked at, "the only call" cannot be told.
 */
export const createOutcomeResolver = (database: Database): ResolveOutcomes => {
  let searchedWhole: ReadonlyMap<string, boolean> = new Map();
  return async (since, until) => {
    const waiting = await waitingSince(database, since);
    const allArrived = ({ received_ms }: OutcomeRow): boolean => received_ms <= until - ARRIVED_MS;
    const isKnown = (row: OutcomeRow): boolean => {
      const before = searchedWhole.get(row.id);
      return before !== undefined && (before || !allArrived(row));
    };
    const searchPart = async (rows: readonly OutcomeRow[], reachMs: number): Promise<readonly OutcomeRow[]> => {
      const left: OutcomeRow[] = [];
      for (const page of pagesOf(rows))
        left.push(...(await tie(database, page, earliest(page) - reachMs, () => false)));
      return left;
    };
    await searchPart(waiting.filter(isKnown), OVERLAP_MS);
    const left = await searchPart(
      waiting.filter((row) => !isKnown(row)),
      RECENT_MS,
    );
    for (const page of pagesOf(left)) await tie(database, page, 0, allArrived);
    searchedWhole = new Map(waiting.map((row) => [row.id, allArrived(row)]));
  };
};
