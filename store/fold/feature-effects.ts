import { FEATURES, type FeatureLabel, type FeatureName, isFeatureName } from "../../core/features.ts";
import { PACKED_FEATURES } from "../../core/shape-features.ts";
import type { Database } from "../database.ts";
import { momentOf } from "../epoch-sql.ts";
import { SPANS } from "../schema/llm-spans.ts";
import { SIGNAL_COLUMNS } from "../signal-columns.ts";
import { BUCKETS, type BucketSums, CLUSTER, designEffect, LOOKBACK_MS, startOfNewest } from "./design-effects.ts";

/** Newest baseline calls that are looked at: each has some forty features. */
export const MAX_FEATURE_CALLS = 20_000;

const LABELS = SIGNAL_COLUMNS.output_features ?? { value: "[]", known: "0" };

const FLAGS = PACKED_FEATURES.filter(isFeatureName).filter((name) => FEATURES[name].kind === "flag");

/** A flag is 1 or 0; of anything else every bin gets a number by chance, as correlated as the bins are. */
const QUERY = `SELECT bucket, name, count() AS n, sum(x) AS total, sum(x * x) AS squares FROM (
  SELECT bucket, substring(label, 1, position(label, '=') - 1) AS name,
    if(name IN (${FLAGS.map((name) => `'${name}'`).join(", ")}), toFloat64(endsWith(label, '=1')),
      (cityHash64(label) % 1000) / 999) AS x
  FROM (
    SELECT cityHash64(${CLUSTER}) % ${BUCKETS} AS bucket, arrayJoin(arrayDistinct(${LABELS.value})) AS label
    FROM (SELECT * FROM ${SPANS}
      WHERE migration = {migration:String} AND cohort = 'baseline'
        AND end_ms >= ${momentOf("from")} AND end_ms < ${momentOf("to")}
      ORDER BY end_ms DESC LIMIT ${MAX_FEATURE_CALLS})
    WHERE ${LABELS.known}))
GROUP BY bucket, name`;

interface Row {
  readonly name: string;
  readonly n: number;
  readonly total: number;
  readonly squares: number;
}

/** One bin only: what is left of the variance is rounding. */
const neverVaries = (buckets: readonly BucketSums[]): boolean => {
  const total = (of: (bucket: BucketSums) => number): number => buckets.reduce((sum, bucket) => sum + of(bucket), 0);
  const [n, sum, squares] = [total((each) => each.n), total((each) => each.sum), total((each) => each.squares)];
  return n * squares - sum * sum <= 1e-9 * n * squares;
};

/** The design effect of every feature in `output_features` that the newest baseline calls before `to` tell enough of. */
export const readFeatureEffects = async (
  database: Database,
  migration: string,
  to: number,
): Promise<readonly (readonly [FeatureName | FeatureLabel, number])[]> => {
  const newest = { from: to - LOOKBACK_MS, to, calls: MAX_FEATURE_CALLS };
  const from = await startOfNewest(database, migration, newest, ["baseline"]);
  const rows = await database.query<Row>(QUERY, { migration, from, to });
  const byName = Map.groupBy(rows, ({ name }) => name);
  return PACKED_FEATURES.flatMap((name) => {
    const buckets = (byName.get(name) ?? []).map(({ n, total, squares }) => ({ n, sum: total, squares }));
    const effect = neverVaries(buckets)
      ? null
      : designEffect(buckets, isFeatureName(name) && FEATURES[name].kind === "flag");
    return effect === null ? [] : [[name, effect] as const];
  });
};
