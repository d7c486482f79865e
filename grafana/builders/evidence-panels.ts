import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { NoUnit, Short } from "@grafana/grafana-foundation-sdk/units";
import { seriesPanel } from "./panels/series-panel.ts";
import { colored, tablePanel, width } from "./panels/table-panel.ts";
import { IN_RANGE, UNTIL_END } from "./sql/ledger-sql.ts";
import { verdicts } from "./sql/verdict-sql.ts";
import { OUTCOME_COLORS } from "./word-colors.ts";

const tableSql = `SELECT rule, outcome, why, severity, if(segment = '', 'all', segment) AS segment,
  canary, lower_bound AS lower, upper_bound AS upper, baseline, limit_value AS "limit", unit,
  fromUnixTimestamp64Milli(toInt64(onset)) AS "bad since", canary_onset AS "canary since then",
  canary_calls AS "canary calls", baseline_calls AS "baseline calls",
  log_e AS "log e-value", threshold AS "breach at", method, at AS "since"
FROM ${verdicts(UNTIL_END)}
ORDER BY at DESC, written DESC, line DESC LIMIT 1 BY rule`;

const pathSql = `SELECT toDateTime(at) AS time, rule,
  argMax(log_e / nullIf(threshold, 0), (at, written, line)) AS evidence
FROM ${verdicts(IN_RANGE)}
GROUP BY time, rule HAVING evidence IS NOT NULL ORDER BY time`;

/** Latest verdict of each rule with the numbers behind it, and the way the evidence took, from row `y`. */
export const evidencePanels = (y: number): readonly Builder<Panel>[] => [
  tablePanel({
    id: 40,
    title: "Evidence, latest per rule",
    description:
      "The verdict of each rule when it last changed: canary value with its time-uniform 99% interval, baseline, limit and their unit, since when it looks like a breach and the canary's value since then, calls, and the log e-value against the value at which it is a breach. `leeway explain` shows how to re-derive it.",
    at: [0, y, 24, 8],
    sql: tableSql,
    unit: Short,
    empty: "no verdict yet",
    columns: {
      rule: [width(230)],
      outcome: [width(100), ...colored(OUTCOME_COLORS)],
      severity: [width(90)],
      since: [width(180), { id: "unit", value: "dateTimeAsIso" }],
      "bad since": [width(180), { id: "unit", value: "dateTimeAsIso" }],
    },
  }),
  seriesPanel({
    id: 41,
    title: "Evidence against the threshold",
    description:
      "Log e-value of each rule as a share of its threshold, at the verdicts the ledger holds: changes of outcome, and decisions. A breach is at 1; below 0 the data speak for the rule.",
    at: [0, y + 8, 24, 7],
    sql: pathSql,
    label: "rule",
    unit: NoUnit,
    line: 1,
    joined: true,
  }),
];
