import { eventNumber, eventText, latest, ledger, OF_MIGRATION, UNTIL_END } from "./ledger-sql.ts";

/** The state an entry puts the migration into. */
const STATE = `multiIf(
    type = 'drain-proven', 'rolled back',
    type = 'drain-overdue', 'NOT ROLLED BACK',
    type = 'decision', transform(${eventText("decision", "kind")}, ['rollback', 'pause'], ['rolling back', 'paused'], 'running'),
    type = 'command', transform(${eventText("command")}, ['rollback', 'pause'], ['rolling back', 'paused'], 'running'),
    'running')`;

/** A page or a `continue` leaves the state as it is. */
const CHANGES_STATE = `(type IN ('started', 'command', 'drain-proven', 'drain-overdue')
    OR type = 'decision' AND ${eventText("decision", "kind")} IN ('rollback', 'pause', 'advance'))`;

/** State of the migration in one word, from the newest entry that changes it. */
export const stateSql: string = `SELECT ${latest("state")} AS state
FROM ${ledger(`at, written, line, ${STATE} AS state`, `${UNTIL_END} AND ${CHANGES_STATE}`)}
HAVING count() > 0`;

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

/** Id of the newest open incident. One is over when its drain is proven, or a person let the migration go on. */
export const incidentSql: string = `SELECT opened.incident AS incident
FROM (SELECT incident, min(at) AS since, countIf(type = 'drain-proven') AS drained
  FROM ${ledger("at, incident, type", `${UNTIL_END} AND incident != ''`)} GROUP BY incident) AS opened
CROSS JOIN (SELECT max(at) AS last
  FROM ${ledger("at", `${UNTIL_END} AND type = 'command' AND ${eventText("command")} IN ('resume', 'rearm', 'advance')`)}) AS released
WHERE opened.drained = 0 AND opened.since > released.last
ORDER BY opened.since DESC LIMIT 1`;

/** Whether the last write to the flag system was confirmed by reading it back. */
export const readBackSql: string = `SELECT if(${latest("confirmed")}, 'confirmed', 'NOT CONFIRMED') AS flag
FROM ${ledger(
  "at, written, line, type = 'flip-readback' AND JSONExtractBool(event, 'confirmed') AS confirmed",
  `${UNTIL_END} AND type IN ('flip-intent', 'flip-readback')`,
)}
HAVING count() > 0`;
