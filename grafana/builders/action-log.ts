import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { NoUnit } from "@grafana/grafana-foundation-sdk/units";
import type { DrainOverdueReason, LedgerEvent } from "../../core/ledger.ts";
import { tablePanel, width } from "./panels/table-panel.ts";
import { eventNumber, eventText, IN_RANGE, ledger } from "./sql/ledger-sql.ts";
import { literals } from "./sql/literals.ts";

const share = (...keys: readonly string[]): string =>
  `toString(round(100 * JSONExtractFloat(event, ${literals(keys)}), 2)), '%'`;

/** Why a drain is not proven, in words. */
const OVERDUE: Readonly<Record<DrainOverdueReason, string>> = {
  "canary-calls": "canary calls go on",
  "late-calls": "calls come in too late to prove it",
  "too-little-traffic": "too little traffic to prove it",
  "no-traffic": "no traffic to prove it",
  "not-measured": "the spans could not be read",
};

/** SQL for the words of each entry. */
const TEXT: Readonly<Record<LedgerEvent["type"], string>> = {
  started: `concat('started at ', ${share("share")})`,
  rehashed: "'goes on with the same document under the hash of another version'",
  document: `concat('document of ', ${eventText("file")}, ' on record')`,
  standing: `concat('stands at stage ', toString(JSONExtractUInt(event, 'stage') + 1), ': ', replaceAll(${eventText("standing")}, '-', ' '))`,
  verdict: `concat(${eventText("verdict", "rule")}, ': ', ${eventText("verdict", "outcome")})`,
  finding: `concat('found ', ${eventText("text")})`,
  decision: `concat(${eventText("decision", "kind")}, ': ', ${eventText("decision", "reason")})`,
  command: `concat(${eventText("command")}, ': ', ${eventText("reason")})`,
  approval: `concat('approved, one of two: ', ${eventText("reason")})`,
  "revision-approval": `concat('approved taking the changed document up, one of two: ', ${eventText("reason")})`,
  labelled: `concat('read the pair ', ${eventText("pair")}, ' blind: ', ${eventText("word")})`,
  triaged: `concat('called differences ', ${eventText("cluster")}, ' ', ${eventText("as")}, ': ', ${eventText("reason")})`,
  "flip-intent": `concat('set ', ${eventText("flag")}, ' on ', ${eventText("target")}, ' to ', ${share("share")})`,
  "flip-result": `concat(${eventText("write", "outcome")}, ' ', ${eventText("write", "why")}, ' ', ${eventText("write", "detail")})`,
  "flip-readback": `concat('flag says ', ${share("state", "share")}, if(JSONExtractBool(event, 'confirmed'), ', confirmed', ', NOT CONFIRMED'))`,
  "drain-proven":
    "concat('canary calls stopped; ', toString(JSONExtractUInt(event, 'exposure', 'canaryCalls')), ' after the flip')",
  "drain-overdue": `concat('NOT ROLLED BACK: ', transform(${eventText("reason")}, [${literals(Object.keys(OVERDUE))}],
      [${literals(Object.values(OVERDUE))}], ${eventText("reason")}), if(isNull(${eventNumber("exposure", "canaryCalls")}), '',
      concat('; ', toString(JSONExtractUInt(event, 'exposure', 'canaryCalls')), ' canary calls after the flip')))`,
  "drain-reopened":
    "concat('NOT ROLLED BACK any more: ', toString(JSONExtractUInt(event, 'exposure', 'canaryCalls')), ' canary calls after the proof')",
  retirement: `concat(${eventText("model")}, ' is retired on ', ${eventText("retires")}, ' (', ${eventText("source")}, ')')`,
  "revision-pending": `concat('document ', ${eventText("file")}, ' was changed and waits for leeway revise')`,
  "revision-gone": `concat('the changed document ', ${eventText("file")}, ' is not there any more; it was not taken up')`,
  "approval-due": `concat('waits for an approval', if(empty(${eventText("hold")}), '', concat('; also: ', ${eventText("hold")})))`,
  "drill-started": `concat('DRILL: ', ${eventText("reason")})`,
  "drill-drained": `concat('DRILL: drain ', replaceAll(${eventText("drain")}, '-', ' '))`,
  "drill-ended": `trim(concat('DRILL ended: ', ${eventText("outcome")}, ' ', ${eventText("why")}))`,
  "drill-restored": `concat('DRILL: the flag serves ', if(isNull(${eventNumber("share")}), 'what somebody else set', concat(${share("share")})), ' again')`,
  notice: eventText("notice", "title"),
  claim: `concat(${eventText("channel")}, ': try ', toString(JSONExtractUInt(event, 'attempt')), ' claimed by run ', substring(${eventText("owner")}, 1, 8))`,
  silence: `concat('silenced ', ${eventText("subject")}, ': ', ${eventText("reason")})`,
  "silence-ended": `concat('ended silence ', ${eventText("silence")}, ': ', ${eventText("reason")})`,
  delivery: `concat(${eventText("channel")}, ': ', ${eventText("delivery", "outcome")}, ' ', ${eventText("delivery", "detail")})`,
};

/** One line of words per entry of the ledger; what a newer version wrote is shown as it is. */
export const ENTRY_TEXT: string = `multiIf(
${Object.entries(TEXT)
  .map(([type, text]) => `    type = '${type}', ${text},`)
  .join("\n")}
    event)`;

const logSql = `SELECT at AS time, type, trim(${ENTRY_TEXT}) AS what, by, incident
FROM ${ledger("at, written, line, type, event, by, incident", IN_RANGE)}
ORDER BY at DESC, written DESC, line DESC LIMIT 500`;

/** What was seen, decided and done, newest first, from row `y`. */
export const actionLog = (y: number): readonly Builder<Panel>[] => [
  tablePanel({
    id: 50,
    title: "Ledger",
    description:
      "What was seen, decided and done, and by whom, newest first: at most 500 entries of the time range. Writes to the flag system appear as intent, result and read-back.",
    at: [0, y, 24, 10],
    sql: logSql,
    unit: NoUnit,
    empty: "no entry in range",
    columns: {
      time: [width(190), { id: "unit", value: "dateTimeAsIso" }],
      type: [width(130)],
      by: [width(160)],
      incident: [width(180)],
    },
  }),
];
