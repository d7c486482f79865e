import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { NoUnit, PercentUnit } from "@grafana/grafana-foundation-sdk/units";
import { timelinePanel } from "./panels/timeline-panel.ts";
import { IN_RANGE, OF_MIGRATION } from "./sql/ledger-sql.ts";
import { literals } from "./sql/literals.ts";
import { verdicts } from "./sql/verdict-sql.ts";
import { codeWords, OUTCOMES } from "./word-colors.ts";

const stageSql = `SELECT $__timeInterval(tick_to) AS time, argMax(share, tick_to) AS "canary share"
FROM samples WHERE ${OF_MIGRATION} AND $__timeFilter(tick_to) AND signal = 'calls'
GROUP BY time ORDER BY time`;

const NAMES = literals(OUTCOMES.map(([outcome]) => outcome));
const CODES = OUTCOMES.map((_outcome, code) => code).join(", ");

const outcomeSql = `SELECT toDateTime(at) AS time, rule,
  toFloat64(transform(argMax(outcome, (at, written, line)), [${NAMES}], [${CODES}], 0)) AS outcome
FROM ${verdicts(IN_RANGE)}
GROUP BY time, rule ORDER BY time`;

/** Stage and verdict of each rule over time, from row `y`. */
export const stageTimeline = (y: number): readonly Builder<Panel>[] => [
  timelinePanel({
    id: 10,
    title: "Stage",
    description:
      "Canary share of the stage that each tick was judged in. Decisions, flips and drains are the marks above.",
    at: [0, y, 24, 3],
    sql: stageSql,
    unit: PercentUnit,
    mappings: [],
    steps: [
      [null, "blue"],
      [0.25, "light-blue"],
      [0.5, "purple"],
      [0.95, "green"],
    ],
  }),
  timelinePanel({
    id: 11,
    title: "Verdict per rule",
    description: "What each rule said, from its changes in the ledger. Undecided is not clear.",
    at: [0, y + 3, 24, 6],
    sql: outcomeSql,
    label: "rule",
    unit: NoUnit,
    mappings: [codeWords(OUTCOMES)],
    steps: [[null, "text"]],
  }),
];
