import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PercentUnit, Seconds } from "@grafana/grafana-foundation-sdk/units";
import { statPanel } from "./panels/stat-panel.ts";
import { eventNumber, eventText, latest, ledger, OF_MIGRATION, UNTIL_END } from "./sql/ledger-sql.ts";
import { wordColors } from "./word-colors.ts";

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

const stateSql = `SELECT ${latest("state")} AS state
FROM ${ledger(`at, written, line, ${STATE} AS state`, `${UNTIL_END} AND ${CHANGES_STATE}`)}
HAVING count() > 0`;

const configuredSql = `SELECT ${latest("share")} AS share
FROM ${ledger(
  `at, written, line, if(type = 'started', ${eventNumber("share")}, ${eventNumber("state", "share")}) AS share`,
  `${UNTIL_END} AND type IN ('started', 'flip-readback')`,
)}
HAVING count() > 0`;

const LAST_MINUTES = `end_ms > $__toTime - INTERVAL 5 MINUTE AND end_ms <= $__toTime`;

const observedSql = `SELECT countIf(cohort = 'canary') / nullIf(count(), 0) AS share
FROM (SELECT DISTINCT trace_id, span_id, cohort FROM llm_spans
  WHERE ${OF_MIGRATION} AND cohort IN ('baseline', 'canary') AND ${LAST_MINUTES})`;

const callAgeSql = `SELECT dateDiff('second', max(end_ms), now()) AS age
FROM llm_spans WHERE ${OF_MIGRATION} AND $__timeFilter(end_ms)
HAVING count() > 0`;

const tickAgeSql = `SELECT dateDiff('second', max(tick_to), now()) AS age
FROM samples WHERE ${OF_MIGRATION} AND $__timeFilter(tick_to)
HAVING count() > 0`;

/** An incident is over when the drain is proven, or a person let the migration go on. */
const incidentSql = `SELECT opened.incident AS incident
FROM (SELECT incident, min(at) AS since, countIf(type = 'drain-proven') AS drained
  FROM ${ledger("at, incident, type", `${UNTIL_END} AND incident != ''`)} GROUP BY incident) AS opened
CROSS JOIN (SELECT max(at) AS last
  FROM ${ledger("at", `${UNTIL_END} AND type = 'command' AND ${eventText("command")} IN ('resume', 'rearm', 'advance')`)}) AS released
WHERE opened.drained = 0 AND opened.since > released.last
ORDER BY opened.since DESC LIMIT 1`;

const readBackSql = `SELECT if(${latest("confirmed")}, 'confirmed', 'NOT CONFIRMED') AS flag
FROM ${ledger(
  "at, written, line, type = 'flip-readback' AND JSONExtractBool(event, 'confirmed') AS confirmed",
  `${UNTIL_END} AND type IN ('flip-intent', 'flip-readback')`,
)}
HAVING count() > 0`;

const GREY = [[null, "text"]] as const;

/** The strip an on-call person reads first: state, shares, freshness, flag, incident. Fills row `y`. */
export const verdictStrip = (y: number): readonly Builder<Panel>[] => [
  statPanel({
    id: 1,
    title: "State",
    description:
      "Where the migration stands, from the ledger. `rolling back` means the flag was flipped and canary calls have not yet been seen to stop.",
    at: [0, y, 5, 4],
    sql: stateSql,
    unit: "none",
    empty: "not started",
    steps: GREY,
    mappings: [
      wordColors({
        running: "green",
        paused: "yellow",
        "rolling back": "orange",
        "rolled back": "red",
        "NOT ROLLED BACK": "dark-red",
      }),
    ],
  }),
  statPanel({
    id: 2,
    title: "Canary share, configured",
    description: "What the flag system answered when it was last read back, or the first stage's share before that.",
    at: [5, y, 3, 4],
    sql: configuredSql,
    unit: PercentUnit,
    empty: "unknown",
    steps: GREY,
  }),
  statPanel({
    id: 3,
    title: "Canary share, observed",
    description: "Canary calls among all calls that ended in the last five minutes, each call counted once.",
    at: [8, y, 3, 4],
    sql: observedSql,
    unit: PercentUnit,
    empty: "no calls",
    steps: GREY,
  }),
  statPanel({
    id: 4,
    title: "Newest call",
    description: "Time since the newest call in the store ended. When it grows, spans do not arrive.",
    at: [11, y, 3, 4],
    sql: callAgeSql,
    unit: Seconds,
    empty: "none in range",
    steps: [
      [null, "green"],
      [60, "yellow"],
      [300, "red"],
    ],
  }),
  statPanel({
    id: 5,
    title: "Last judged",
    description: "Time since the end of the newest judged tick. When it grows, the agent does not judge.",
    at: [14, y, 3, 4],
    sql: tickAgeSql,
    unit: Seconds,
    empty: "none in range",
    steps: [
      [null, "green"],
      [60, "yellow"],
      [300, "red"],
    ],
  }),
  statPanel({
    id: 6,
    title: "Flag",
    description: "Whether the flag system confirmed the last write when it was read back.",
    at: [17, y, 3, 4],
    sql: readBackSql,
    unit: "none",
    empty: "never written",
    steps: GREY,
    mappings: [wordColors({ confirmed: "green", "NOT CONFIRMED": "red" })],
  }),
  statPanel({
    id: 7,
    title: "Open incident",
    description: "Id of the newest incident that is not over: its drain is not proven and nobody resumed.",
    at: [20, y, 4, 4],
    sql: incidentSql,
    unit: "none",
    empty: "none",
    steps: [[null, "red"]],
  }),
];
