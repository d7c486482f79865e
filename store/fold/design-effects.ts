import type { Arm } from "../../core/cohort.ts";
import { unreachable } from "../../core/exhaustive.ts";
import { type CatalogueSignal, SIGNAL_NAMES, SIGNALS } from "../../core/signals.ts";
import type { Database } from "../database.ts";
import { momentOf } from "../epoch-sql.ts";
import { MINUTES } from "../schema/llm-1m.ts";
import { SPANS } from "../schema/llm-spans.ts";
import { SIGNAL_COLUMNS } from "../signal-columns.ts";

/** Buckets the conversations are hashed into. */
export const BUCKETS = 256;
/** Newest baseline calls that are looked at, and how far back. */
const MAX_CALLS = 100_000;
export const LOOKBACK_MS: number = 7 * 86_400_000;
/** Known calls, and events of a rate either way, below which nothing is said. */
const MIN_CALLS = 1000;
const MIN_EVENTS = 30;
/** Two standard deviations of the estimate: sqrt(2 / (buckets - 1)) each. */
const SAFETY: number = 1 + 2 * Math.sqrt(2 / (BUCKETS - 1));

/** Sums of one signal over the calls of one bucket of conversations. */
export interface BucketSums {
  readonly n: number;
  readonly sum: number;
  /** Sum of squares. */
  readonly squares: number;
}

/**
 * Factor by which the likeness of calls in one bucket inflates the variance of a sum, two standard deviations added,
 * at least 1; null where too little is known. `isRate`: values are 0 or 1.
 * Formula: [sum_g (S_g - mean n_g)^2 G/(G-1)] / [n var]. Source: docs/statistics.md, correlated calls.
 */
export const designEffect = (buckets: readonly BucketSums[], isRate: boolean): number | null => {
  const total = (of: (bucket: BucketSums) => number): number => buckets.reduce((sum, bucket) => sum + of(bucket), 0);
  const [n, sum] = [total((bucket) => bucket.n), total((bucket) => bucket.sum)];
  const mean = sum / n;
  const variance = total((bucket) => bucket.squares) / n - mean * mean;
  if (n < MIN_CALLS || !(variance > 0) || (isRate && Math.min(sum, n - sum) < MIN_EVENTS)) return null;
  const between = total((bucket) => (bucket.sum - mean * bucket.n) ** 2) * (BUCKETS / (BUCKETS - 1));
  return Math.max(1, (between / (n * variance)) * SAFETY);
};

/** SQL for the number a call counts as; null where it has none. */
const numberOf = (name: CatalogueSignal, value: string): string | null => {
  const { kind } = SIGNALS[name];
  switch (kind) {
    case "rate":
    case "score":
      return `toFloat64(ifNull(${value}, 0))`;
    case "value":
      // Amounts are compared by their logarithm: a few giants would drown every likeness.
      return `log(greatest(toFloat64(ifNull(${value}, 0)), 1e-9))`;
    case "category":
      // A label has no number: a coin flip per label makes it a rate that is as correlated as the labels are.
      return `toFloat64(cityHash64(${value}) % 2)`;
    case "labels":
      // Labels of which a call has many are no number.
      return null;
    default:
      return unreachable(kind);
  }
};

const NAMES = SIGNAL_NAMES.filter((name) => {
  const column = SIGNAL_COLUMNS[name];
  return column !== undefined && numberOf(name, column.value) !== null;
});

const sumsOf = (name: CatalogueSignal): string => {
  const { value, known } = SIGNAL_COLUMNS[name] ?? { value: "0", known: "0" };
  const x = numberOf(name, value);
  return `countIf(${known}) AS ${name}_n, sumIf(${x}, ${known}) AS ${name}_s, sumIf(${x} * ${x}, ${known}) AS ${name}_q`;
};

/** SQL for what makes calls alike: the conversation, else the user the flag knows, else nothing. */
export const CLUSTER: string = `multiIf(conversation_id != '', conversation_id, targeting_key_hash != '', targeting_key_hash, concat(trace_id, span_id))`;

/** SQL for the sums, per bucket of conversations, of the newest calls for which `condition` holds. */
export const bucketSumsSql = (names: readonly CatalogueSignal[], condition: string): string =>
  `SELECT cityHash64(${CLUSTER}) % ${BUCKETS} AS bucket,
${names.map(sumsOf).join(",\n")}
FROM (SELECT * FROM ${SPANS}
  WHERE ${condition} AND end_ms >= ${momentOf("from")} AND end_ms < ${momentOf("to")}
  ORDER BY end_ms DESC LIMIT ${MAX_CALLS})
GROUP BY bucket`;

const QUERY = bucketSumsSql(NAMES, "migration = {migration:String} AND cohort = 'baseline'");

/** One row that bucketSumsSql() asks for. */
export type BucketRow = Readonly<
  Partial<Record<`${CatalogueSignal}_n` | `${CatalogueSignal}_s` | `${CatalogueSignal}_q`, number>>
>;

/** The design effect of every signal that the rows tell enough of. */
export const effectsOf = (
  names: readonly CatalogueSignal[],
  rows: readonly BucketRow[],
): readonly (readonly [CatalogueSignal, number])[] =>
  names.flatMap((name) => {
    const buckets = rows.map((row) => ({
      n: row[`${name}_n`] ?? 0,
      sum: row[`${name}_s`] ?? 0,
      squares: row[`${name}_q`] ?? 0,
    }));
    const effect = designEffect(buckets, SIGNALS[name].kind === "rate");
    return effect === null ? [] : [[name, effect] as const];
  });

/**
 * First minute of the newest `calls` calls that ended in [from, to), asked of the rollup: at much traffic they lie
 * within minutes, and looking for them in a week of spans would hold up the tick. Epoch ms.
 */
export const startOfNewest = async (
  database: Database,
  migration: string,
  { from, to, calls }: { readonly from: number; readonly to: number; readonly calls: number },
  cohorts: readonly Arm[],
): Promise<number> => {
  const [row] = await database.query<{ start: number; minutes: number }>(
    `SELECT toInt64(toUnixTimestamp(min(minute))) * 1000 AS start, count() AS minutes FROM (
       SELECT minute, n, sum(n) OVER (ORDER BY minute DESC) AS newer FROM (
         SELECT minute, sum(calls) AS n FROM ${MINUTES}
         WHERE migration = {migration:String} AND has({cohorts:Array(String)}, cohort)
           AND minute >= ${momentOf("from")} AND minute < ${momentOf("to")}
         GROUP BY minute))
     WHERE newer - n < {calls:UInt64}`,
    { migration, from, to, calls, cohorts },
  );
  return row === undefined || row.minutes === 0 ? from : Math.max(from, row.start);
};

/** The design effect of every signal that enough is known of, from the newest baseline calls before `to`. */
export const readDesignEffects = async (
  database: Database,
  migration: string,
  to: number,
): Promise<readonly (readonly [CatalogueSignal, number])[]> => {
  const newest = { from: to - LOOKBACK_MS, to, calls: MAX_CALLS };
  const from = await startOfNewest(database, migration, newest, ["baseline"]);
  return effectsOf(NAMES, await database.query<BucketRow>(QUERY, { migration, from, to }));
};
