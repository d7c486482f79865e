import { CONTENT_COLUMNS } from "../../core/content-row.ts";
import type { Database } from "../database.ts";
import { momentOf } from "../epoch-sql.ts";
import { baselinesTable, contentTable } from "../schema/baselines.ts";
import { SPANS } from "../schema/llm-spans.ts";
import { type Placement, tableName } from "../schema/placement.ts";

/** One draw: of the calls that came in within an hour. Times are epoch ms. */
export interface BaselineDraw {
  readonly migration: string;
  readonly from: number;
  readonly to: number;
  /** Name of the segment that the examples are spread over; empty = none. */
  readonly segment: string;
  /** Chance of a call whose stratum has enough examples, above 0 and at most 1. */
  readonly share: number;
  /** Examples of a stratum that are enough. */
  readonly perSegment: number;
  /** Values of the segment that are strata of their own; the rest is `other`. */
  readonly mostValues: number;
  /** An answer is long or short beyond these quantiles of the hour's output tokens, 0-1. */
  readonly tail: number;
}

/** The first that fits: what is rare has strata of its own, so that the ordinary does not crowd it out. */
const KIND = `multiIf(
      s.error = 1, 'failed',
      s.refusal_class NOT IN ('', 'none'), 'refused',
      s.truncated = 1, 'cut',
      s.features['tool_calls'] > 0, 'tools',
      s.labels['language'] NOT IN ('', top_language), 'language',
      c.output_tokens < shortest OR c.output_tokens > longest, 'length',
      'ordinary')`;

const WITHIN = `migration = {migration:String} AND cohort = 'baseline'
      AND received_ms >= ${momentOf("from")} AND received_ms < ${momentOf("to")}`;

/** Each call of the hour once, with its content. */
const calls = (placement: Placement): string =>
  `SELECT ${CONTENT_COLUMNS.join(", ")} FROM ${contentTable(placement)} WHERE ${WITHIN} AND pair_id = '' AND messages != ''
    LIMIT 1 BY trace_id, span_id`;

/** What the call's span says of its answer; spans of a call may come in a little before or after. */
const spans = (placement: Placement): string =>
  `SELECT trace_id, span_id, error, refusal_class, truncated, features, labels FROM ${tableName(placement, SPANS)}
    WHERE migration = {migration:String} AND received_ms >= ${momentOf("from")} - INTERVAL 1 HOUR
      AND received_ms < ${momentOf("to")} + INTERVAL 1 HOUR
    LIMIT 1 BY trace_id, span_id`;

const STRATUM = `if({segment:String} = '', kind, concat(kind, '/',
      multiIf(own = '', 'none', has(common, own), own, 'other')))`;

/**
 * Keeps a sample of an hour's calls of the baseline. Everything of a stratum until it has enough examples, and `share` of it from then
 * on; whether a call is kept depends on its ids alone, so that a repeated draw keeps the same ones. Runs in the database: no content
 * leaves it. See Store.drawBaselines.
 */
export const drawBaselines = async (database: Database, placement: Placement, draw: BaselineDraw): Promise<void> => {
  const { migration, from, to, segment, share, perSegment, mostValues, tail } = draw;
  const columns = CONTENT_COLUMNS.join(", ");
  await database.command(
    `INSERT INTO ${baselinesTable(placement)} (hour, stratum, weight, ${columns})
WITH
  calls AS (${calls(placement)}),
  spans AS (${spans(placement)}),
  (SELECT arrayElement(topK(1)(labels['language']), 1) FROM spans WHERE labels['language'] != '') AS top_language,
  (SELECT quantileExact({tail:Float64})(output_tokens) FROM calls) AS shortest,
  (SELECT quantileExact(1 - {tail:Float64})(output_tokens) FROM calls) AS longest,
  (SELECT topK({values:UInt32})(segments[{segment:String}]) FROM calls WHERE segments[{segment:String}] != '') AS common,
  drawn AS (
    SELECT c.*, ${KIND} AS kind, c.segments[{segment:String}] AS own, ${STRATUM} AS stratum
    FROM calls AS c LEFT JOIN spans AS s ON c.trace_id = s.trace_id AND c.span_id = s.span_id
  ),
  sizes AS (SELECT stratum, count() AS size FROM drawn GROUP BY stratum),
  kept AS (
    SELECT stratum, uniqExact(trace_id, span_id) AS kept FROM ${baselinesTable(placement)}
    WHERE migration = {migration:String} AND hour < ${momentOf("from")} GROUP BY stratum
  ),
  chances AS (
    SELECT sizes.stratum AS stratum, least(1, greatest({share:Float64}, ({enough:Int64} - toInt64(kept.kept)) / size)) AS chance
    FROM sizes LEFT JOIN kept ON sizes.stratum = kept.stratum
  )
SELECT ${momentOf("from")}, drawn.stratum, 1 / chance, ${CONTENT_COLUMNS.map((column) => `drawn.${column}`).join(", ")}
FROM drawn INNER JOIN chances ON drawn.stratum = chances.stratum
WHERE sipHash64(trace_id, span_id) / 18446744073709551616. < chance`,
    {
      ...{ migration, from: Math.floor(from), to: Math.floor(to), segment, share, enough: perSegment },
      ...{ values: Math.max(1, mostValues), tail },
    },
  );
};
