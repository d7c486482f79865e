import type { Command } from "../../../core/ledger.ts";
import type { Decision } from "../../../core/verdict.ts";
import { eventNumber, eventText, isOneOf, latest, ledger, markedAs, OF_MIGRATION, UNTIL_END } from "./ledger-sql.ts";

type Effect = "rolls back" | "pauses" | "resumes" | "re-arms";

/** What a decision or command does to the state in words; null: it leaves it as it is. */
const EFFECT: Readonly<Record<Decision["kind"] | Command, Effect | null>> = {
  rollback: "rolls back",
  pause: "pauses",
  resume: "resumes",
  rearm: "re-arms",
  advance: null,
  page: null,
  continue: null,
};

const kindIs = (effect: Effect): string => isOneOf("kind", markedAs(EFFECT, effect));

/** What an entry does to the state: a decision's kind, a command, or a drain's end; anything else leaves it as it is. */
const KIND = `multiIf(type = 'decision', ${eventText("decision", "kind")}, type = 'command', ${eventText("command")}, type)`;

const last = (...kinds: readonly string[]): string =>
  `maxIf(position, kind IN (${kinds.map((kind) => `'${kind}'`).join(", ")}))`;

/**
 * Subquery with one row (none for a migration that never started): `state` in words and the `incident` of the last
 * rollback. The same fold as the agent's: a re-arming clears everything before it, a rollback outlasts commands, and
 * only a drain after it changes what it is called.
 */
const STANDING = `(SELECT
    minIf(position, ${kindIs("rolls back")}) AS rolled, ${last("drain-proven", "drain-overdue")} AS drained,
    argMaxIf(incident, position, ${kindIs("rolls back")}) AS incident,
    multiIf(
      countIf(${kindIs("rolls back")}) > 0 AND drained > rolled AND ${last("drain-proven")} = drained, 'rolled back',
      countIf(${kindIs("rolls back")}) > 0 AND drained > rolled, 'NOT ROLLED BACK',
      countIf(${kindIs("rolls back")}) > 0, 'rolling back',
      ${last(...markedAs(EFFECT, "pauses"))} > ${last(...markedAs(EFFECT, "resumes"))}, 'paused',
      'running') AS state
  FROM (SELECT position, incident, kind, maxIf(position, ${kindIs("re-arms")}) OVER () AS rearmed
    FROM ${ledger(`(at, written, line) AS position, incident, ${KIND} AS kind`, UNTIL_END)})
  WHERE position >= rearmed
  HAVING count() > 0)`;

/** State of the migration in words. */
export const stateSql: string = `SELECT state FROM ${STANDING}`;

/** Share the flag system gave back last; before the first flip, the first stage's. */
export const configuredSql: string = `SELECT ${latest("share")} AS share
FROM ${ledger(
  `at, written, line, if(type = 'started', ${eventNumber("share")}, ${eventNumber("state", "share")}) AS share`,
  `${UNTIL_END} AND type IN ('started', 'flip-readback')`,
)}
HAVING count() > 0`;

const LAST_MINUTES = `end_ms > $__toTime - INTERVAL 5 MINUTE AND end_ms <= $__toTime`;

/** Canary calls among the calls that ended in the last five minutes of the range, each counted once. */
export const observedSql: string = `SELECT countIf(cohort = 'canary') / nullIf(count(), 0) AS share
FROM (SELECT DISTINCT trace_id, span_id, cohort FROM llm_spans
  WHERE ${OF_MIGRATION} AND cohort IN ('baseline', 'canary') AND ${LAST_MINUTES})`;

/** Seconds since the newest call ended. */
export const callAgeSql: string = `SELECT dateDiff('second', max(end_ms), now()) AS age
FROM llm_spans WHERE ${OF_MIGRATION} AND $__timeFilter(end_ms)
HAVING count() > 0`;

/** Seconds since the end of the newest judged tick. */
export const tickAgeSql: string = `SELECT dateDiff('second', max(tick_to), now()) AS age
FROM samples WHERE ${OF_MIGRATION} AND $__timeFilter(tick_to)
HAVING count() > 0`;

/** Id of the incident whose rollback is not yet proven by the spans. */
export const incidentSql: string = `SELECT incident FROM ${STANDING} WHERE state IN ('rolling back', 'NOT ROLLED BACK')`;

/** Whether the last write to the flag system was confirmed by reading it back. */
export const readBackSql: string = `SELECT if(${latest("confirmed")}, 'confirmed', 'NOT CONFIRMED') AS flag
FROM ${ledger(
  "at, written, line, type = 'flip-readback' AND JSONExtractBool(event, 'confirmed') AS confirmed",
  `${UNTIL_END} AND type IN ('flip-intent', 'flip-readback')`,
)}
HAVING count() > 0`;
