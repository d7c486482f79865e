import type { CostCell } from "../core/cost-cell.ts";
import type { SegmentOptionsByName } from "../core/migration.ts";
import { OTHER_VALUE } from "../core/sample.ts";
import { IS_TRAFFIC, onceSql } from "./calls-sql.ts";
import type { Database } from "./database.ts";
import { CALLS_OF_RANGE, type CallRange } from "./fold/call-range.ts";
import { namedSegmentsSql } from "./fold/segments-sql.ts";
import { quoteText } from "./quote.ts";

/** The calls of both arms that ended in [from, to), epoch ms, and the segments they are told apart by. */
export interface CostRequest extends CallRange {
  /** Names of `leeway.segment.*` attributes. */
  readonly segments: readonly string[];
  /** How their values are told apart. Default: as they are. */
  readonly segmentOptions?: SegmentOptionsByName;
}

/** Combinations of segments, and models, that are told apart; the rarest are taken together. */
const MAX_SEGMENTS = 50;
const MAX_MODELS = 50;

const OTHER = quoteText(OTHER_VALUE);

/** Its tokens are in its text: those of a tool call have no characters. */
const IS_TEXT = "error = 0 AND isNotNull(output_tokens) AND ifNull(output_chars, 0) > 0 AND features['tool_calls'] = 0";

const IS_COUNTED = "(isNotNull(input_tokens) AND isNotNull(output_tokens))";
const IS_PRICED = "isNotNull(cost_usd)";

const sumOfPriced = (value: string, condition = "1"): string =>
  `sumIf(ifNull(${value}, 0), ${IS_PRICED} AND ${condition})`;

const segmentSql = ({ segments, segmentOptions }: CostRequest): string =>
  segments.length === 0
    ? "''"
    : `toString(${namedSegmentsSql({ names: segments, ...(segmentOptions === undefined ? {} : { options: segmentOptions }) })})`;

/** A call whose cost its sender says and whose tokens it does not is of no model: no list can take its cost apart. */
const GROUPED = (segment: string): string => `SELECT cohort AS arm, ${segment} AS own_segment,
  if(${IS_PRICED} AND NOT ${IS_COUNTED}, '', toString(response_model)) AS own_model,
  if(${IS_PRICED} AND NOT ${IS_COUNTED}, '', toString(request_model)) AS own_asked,
  count() AS calls, countIf(NOT ${IS_PRICED} AND NOT ${IS_COUNTED}) AS withoutUsage,
  countIf(NOT ${IS_PRICED} AND ${IS_COUNTED}) AS withoutPrice, countIf(${IS_PRICED}) AS priced,
  ${sumOfPriced("cost_usd")} AS costUsd, ${sumOfPriced("input_tokens")} AS inputTokens,
  ${sumOfPriced("cached_tokens")} AS cachedTokens, ${sumOfPriced("cache_write_tokens")} AS writtenTokens,
  ${sumOfPriced("output_tokens")} AS outputTokens, ${sumOfPriced("reasoning_tokens")} AS reasoningTokens,
  ${sumOfPriced("greatest(output_tokens - ifNull(reasoning_tokens, 0), 0)", IS_TEXT)} AS textTokens,
  ${sumOfPriced("output_chars", IS_TEXT)} AS textChars
FROM ${onceSql(`${CALLS_OF_RANGE} AND ${IS_TRAFFIC}`)}
GROUP BY arm, own_segment, own_model, own_asked`;

const SUMS = [
  ...["calls", "withoutUsage", "withoutPrice", "priced", "costUsd", "inputTokens", "cachedTokens"],
  ...["writtenTokens", "outputTokens", "reasoningTokens", "textTokens", "textChars"],
];

/** A model among the rarest is none that a list knows. */
const QUERY = (segment: string): string => `SELECT toString(arm) AS arm,
  if(segment_place > ${MAX_SEGMENTS}, ${OTHER}, own_segment) AS segment,
  if(model_place > ${MAX_MODELS}, '', own_model) AS model, if(model_place > ${MAX_MODELS}, '', own_asked) AS askedModel,
  ${SUMS.map((name) => `sum(sums.${name}) AS ${name}`).join(", ")}
FROM (SELECT *, dense_rank() OVER (ORDER BY segment_calls DESC, own_segment) AS segment_place,
    dense_rank() OVER (ORDER BY model_calls DESC, own_model, own_asked) AS model_place
  FROM (SELECT *, sum(calls) OVER (PARTITION BY own_segment) AS segment_calls,
      sum(calls) OVER (PARTITION BY own_model, own_asked) AS model_calls
    FROM (${GROUPED(segment)}))) AS sums
GROUP BY arm, segment, model, askedModel ORDER BY arm, segment, model, askedModel`;

/** See Store.costCells. */
export const costCells = (database: Database, request: CostRequest): Promise<readonly CostCell[]> =>
  database.query<CostCell>(QUERY(segmentSql(request)), {
    migration: request.migration,
    from: Math.floor(request.from),
    to: Math.ceil(request.to),
  });
