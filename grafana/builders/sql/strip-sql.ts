import { membersOf } from "../../../core/exhaustive.ts";
import type { Standing } from "../../../core/standing.ts";
import { eventNumber, eventText, latest, ledger, OF_MIGRATION, UNTIL_END } from "./ledger-sql.ts";
import { literals } from "./literals.ts";

/** The words for each standing. */
export const STANDING_WORDS: Readonly<Record<Standing, string>> = {
  running: "running",
  paused: "paused",
  "waiting-for-approval": "waiting for approval",
  drilling: "drill",
  "rolling-back": "rolling back",
  "rolled-back": "rolled back",
  "not-rolled-back": "NOT ROLLED BACK",
  abandoned: "abandoned",
  done: "done",
};

const standings = membersOf(STANDING_WORDS);

/** The newest word of the agent on where the migration stands; no row before its first. */
const STANDING = `(SELECT ${latest("standing")} AS standing, ${latest("incident")} AS incident
  FROM ${ledger(`at, written, line, incident, ${eventText("standing")} AS standing`, `${UNTIL_END} AND type = 'standing'`)}
  HAVING count() > 0)`;

/** State of the migration in words; what a newer version calls it, as it is. */
export const stateSql: string = `SELECT transform(standing, [${literals(standings)}],
  [${literals(Object.values(STANDING_WORDS))}], standing) AS state FROM ${STANDING}`;

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
export const incidentSql: string = `SELECT incident FROM ${STANDING} WHERE standing IN ('rolling-back', 'not-rolled-back')`;

/** Whether the last write to the flag system was confirmed by reading it back. */
export const readBackSql: string = `SELECT if(${latest("confirmed")}, 'confirmed', 'NOT CONFIRMED') AS flag
FROM ${ledger(
  "at, written, line, type = 'flip-readback' AND JSONExtractBool(event, 'confirmed') AS confirmed",
  `${UNTIL_END} AND type IN ('flip-intent', 'flip-readback')`,
)}
HAVING count() > 0`;
