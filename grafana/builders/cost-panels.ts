import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PercentUnit, Short } from "@grafana/grafana-foundation-sdk/units";
import { COST_FACTORS, COST_UNKNOWN } from "../../core/cost-text.ts";
import { membersOf } from "../../core/exhaustive.ts";
import { seriesPanel } from "./panels/series-panel.ts";
import { tablePanel, width } from "./panels/table-panel.ts";
import { OF_MIGRATION } from "./sql/ledger-sql.ts";
import { words } from "./sql/literals.ts";

/** Hours of the time range, each factor once; `other`: a further condition. */
const hours = (other: string): string =>
  `(SELECT * FROM cost_hours WHERE ${OF_MIGRATION} AND $__timeFilter(hour) AND ${other}
  ORDER BY written LIMIT 1 BY hour, factor)`;

const FACTORS = membersOf(COST_FACTORS);
const REASONS = membersOf(COST_UNKNOWN);

/** Hours count by their calls, so that a night of few calls does not outweigh a day. */
const weighted = (value: string, arm: "baseline" | "canary"): string =>
  `sumIf(${value} * ${arm}_calls, isNotNull(${value})) / nullIf(sumIf(${arm}_calls, isNotNull(${value})), 0)`;

const pathSql = `SELECT $__timeInterval(hour) AS time,
  ${words("factor", FACTORS, FACTORS)} AS part, ${weighted("usd", "canary")} AS usd
FROM ${hours("factor != ''")}
GROUP BY time, part ORDER BY time, part`;

const partsSql = `SELECT * FROM (
SELECT ${words(
  "factor",
  FACTORS,
  FACTORS.map((factor) => COST_FACTORS[factor].meaning),
)} AS part,
  ${weighted("usd", "canary")} AS usd, usd / nullIf(${weighted("baseline_usd", "canary")}, 0) AS "of baseline",
  ${weighted("baseline_figure", "baseline")} AS baseline, ${weighted("canary_figure", "canary")} AS canary,
  ${words(
    "factor",
    FACTORS,
    FACTORS.map((factor) => COST_FACTORS[factor].figures),
  )} AS "figures are", uniqExact(hour) AS hours
FROM ${hours("factor != ''")}
GROUP BY factor HAVING usd != 0 OR baseline != canary
UNION ALL
SELECT concat('not known: ', ${words(
  "why",
  REASONS,
  REASONS.map((why) => COST_UNKNOWN[why]),
)}) AS part, NULL AS usd, NULL AS "of baseline", NULL AS baseline, NULL AS canary, '' AS "figures are",
  uniqExact(hour) AS hours
FROM ${hours("factor = ''")}
GROUP BY why)
ORDER BY isNull(usd), abs(usd) DESC, part`;

/** What a difference of cost between the arms comes from, from row `y`. */
export const costPanels = (y: number): readonly Builder<Panel>[] => [
  seriesPanel({
    id: 70,
    title: "What a canary call costs more, by what makes it",
    description:
      "US dollars a call, canary minus baseline, hour by hour and taken apart as `leeway explain` does: the parts of an hour sum to its whole. Hours are weighted by their canary calls. An hour is there a quarter of an hour after it ended.",
    at: [0, y, 11, 8],
    sql: pathSql,
    label: "part",
    unit: "currencyUSD",
    stacked: true,
  }),
  tablePanel({
    id: 71,
    title: "Cost difference in the time range",
    description:
      "The same over the whole time range, the largest part first, with what changed in each arm; and the hours of which it is not known, and why.",
    at: [11, y, 13, 8],
    sql: partsSql,
    unit: Short,
    empty: "no hour in range",
    columns: {
      part: [width(250)],
      usd: [width(100), { id: "unit", value: "currencyUSD" }],
      "of baseline": [width(90), { id: "unit", value: PercentUnit }],
      hours: [width(70)],
    },
  }),
];
