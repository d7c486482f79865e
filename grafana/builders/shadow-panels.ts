import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PercentUnit, Short } from "@grafana/grafana-foundation-sdk/units";
import { PAIR_CHANGES, type PairNumberName } from "../../core/pair-measures.ts";
import { seriesPanel } from "./panels/series-panel.ts";
import { tablePanel, width } from "./panels/table-panel.ts";
import { quoted } from "./placeholder.ts";
import { OF_MIGRATION } from "./sql/ledger-sql.ts";
import { words } from "./sql/literals.ts";

const SEGMENT = quoted("segment");

const IN_SEGMENT = `(${SEGMENT} = 'all' OR has(arrayMap((name, value) -> concat(name, '=', value), mapKeys(segments), mapValues(segments)), ${SEGMENT}))`;

/** What came in in the time range, each id once. */
const rows = (where: string): string =>
  `(SELECT * FROM llm_pairs WHERE ${OF_MIGRATION} AND $__timeFilter(received_ms) AND ${where} LIMIT 1 BY id)`;

const PAIRED = rows(`outcome = 'paired' AND ${IN_SEGMENT}`);

const coverageSql = `SELECT $__timeInterval(received_ms) AS time, outcome, sum(calls) AS calls
FROM ${rows("kind = 'candidate'")}
GROUP BY time, outcome ORDER BY time, outcome`;

/** A quantile of a kind's pairs that have the number; null where none has it. */
const likeness = (number: PairNumberName, kind: "candidate" | "rerun", quantile: number): string =>
  `if(countIf(kind = '${kind}') = 0, NULL, quantileIf(${quantile})(numbers['${number}'], kind = '${kind}'))`;

const likenessSql = (number: PairNumberName): string => `SELECT $__timeInterval(received_ms) AS time,
  ${likeness(number, "candidate", 0.5)} AS "candidate p50", ${likeness(number, "candidate", 0.1)} AS "candidate p10",
  ${likeness(number, "rerun", 0.5)} AS "rerun p50", ${likeness(number, "rerun", 0.1)} AS "rerun p10"
FROM ${PAIRED}
WHERE mapContains(numbers, '${number}')
GROUP BY time ORDER BY time`;

/** Of each pair the word that was judged last. */
const triageSql = `SELECT $__timeInterval(received_ms) AS time, word, count() AS pairs
FROM (SELECT * FROM llm_pair_words WHERE ${OF_MIGRATION} AND $__timeFilter(received_ms)
    AND segment = if(${SEGMENT} = 'all', '', ${SEGMENT})
  ORDER BY judged_ms DESC, word LIMIT 1 BY pair_id)
GROUP BY time, word ORDER BY time, word`;

const CHANGES = Object.entries(PAIR_CHANGES);

const differencesSql = `WITH (SELECT (countIf(kind = 'candidate'), countIf(kind = 'rerun')) FROM ${PAIRED}) AS made
SELECT code AS difference, ${words(
  "substringIndex(code, ':', 1)",
  CHANGES.map(([name]) => name),
  CHANGES.map(([, { about }]) => about),
)} AS meaning,
  countIf(kind = 'candidate') AS pairs, countIf(kind = 'candidate') / nullIf(made.1, 0) AS "of pairs",
  countIf(kind = 'rerun') / nullIf(made.2, 0) AS "of reruns"
FROM (SELECT kind, arrayJoin(arrayDistinct(changed)) AS code FROM ${PAIRED})
GROUP BY code HAVING pairs > 0
ORDER BY "of pairs" - ifNull("of reruns", 0) DESC, code LIMIT 50`;

/** What became of the calls that were to be shadowed, and what the answers differ in, from row `y`. */
export const shadowPanels = (y: number): readonly Builder<Panel>[] => [
  seriesPanel({
    id: 80,
    title: "Served calls in a shadow stage, by what became of them",
    description:
      "Calls that were to be asked of the candidate as well, in all segments: paired, or the reason why not. docs/shadow.md says what each is.",
    at: [0, y, 8, 8],
    sql: coverageSql,
    label: "outcome",
    unit: Short,
    stacked: true,
  }),
  seriesPanel({
    id: 81,
    title: "How alike in wording",
    description:
      "Sequences of three characters that the two answers of a pair share: the candidate's beside the served one, and the baseline's own reruns, which are the floor. Half of the pairs are above p50, nine in ten above p10.",
    at: [8, y, 8, 8],
    sql: likenessSql("similarity_chars"),
    unit: PercentUnit,
  }),
  seriesPanel({
    id: 82,
    title: "How alike by the embedding model",
    description:
      "The same as an embedding model reads it, where the document names one under shadow.similarity. Its scale is its own: read it against the reruns.",
    at: [16, y, 8, 8],
    sql: likenessSql("similarity_semantic"),
    unit: Short,
  }),
  seriesPanel({
    id: 84,
    title: "What the pairs are, of the segment chosen above",
    description:
      "Pairs by what the agent judged them to be when it last looked, in the chosen segment: improvement, neutral, regression, novel behaviour, or undecided. It looks at new pairs each minute, and at all again each hour and after a person's word.",
    at: [0, y + 8, 24, 8],
    sql: triageSql,
    label: "word",
    unit: Short,
    stacked: true,
  }),
  tablePanel({
    id: 83,
    title: "What the candidate's answers differ in",
    description:
      "Differences in the time range, most beyond the baseline's own reruns first; at most 50. A pair may have several. `leeway pairs` sorts them into regressions and others.",
    at: [0, y + 16, 24, 8],
    sql: differencesSql,
    unit: Short,
    empty: "no difference in range",
    columns: {
      difference: [width(260)],
      pairs: [width(90)],
      "of pairs": [width(100), { id: "unit", value: PercentUnit }],
      "of reruns": [width(100), { id: "unit", value: PercentUnit }],
    },
  }),
];
