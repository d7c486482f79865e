import { FEATURES, type FeatureLabel, type FeatureName, isFeatureName } from "../../core/features.ts";
import { PACKED_FEATURES } from "../../core/shape-features.ts";
import { type BucketSums, designEffect } from "../../detectors/stats/cluster-effect.ts";
import type { Database } from "../database.ts";
import { momentOf } from "../epoch-sql.ts";
import { SPANS } from "../schema/llm-spans.ts";
import { readSharedKeys } from "../shared-keys.ts";
import { SIGNAL_COLUMNS } from "../signal-columns.ts";
import {
  BUCKETS,
  CLUSTER_LEVELS,
  CLUSTERS,
  type ClusterLevel,
  LOOKBACK_MS,
  largestOf,
  type NamedBucket,
  OF_ARMS,
  type SharedRange,
  startOfNewest,
} from "./design-effects.ts";

/** Newest calls that are looked at: each has some forty features. */
export const MAX_FEATURE_CALLS = 20_000;

const LABELS = SIGNAL_COLUMNS.output_features ?? { value: "[]", known: "0" };

const FLAGS = PACKED_FEATURES.filter(isFeatureName).filter((name) => FEATURES[name].kind === "flag");

/** A flag is 1 or 0; of anything else every bin gets a number by chance, as correlated as the bins are. */
const queryOf = (
  level: ClusterLevel,
): string => `SELECT cohort, bucket, name, count() AS n, sum(x) AS total, sum(x * x) AS squares FROM (
  SELECT cohort, bucket, substring(label, 1, position(label, '=') - 1) AS name,
    if(name IN (${FLAGS.map((name) => `'${name}'`).join(", ")}), toFloat64(endsWith(label, '=1')),
      (cityHash64(label) % 1000) / 999) AS x
  FROM (
    SELECT cohort, cityHash64(${CLUSTERS[level]}) % ${BUCKETS} AS bucket, arrayJoin(arrayDistinct(${LABELS.value})) AS label
    FROM (SELECT * FROM ${SPANS}
      WHERE ${OF_ARMS}
        AND end_ms >= ${momentOf("from")} AND end_ms < ${momentOf("to")}
      ORDER BY end_ms DESC LIMIT ${MAX_FEATURE_CALLS})
    WHERE ${LABELS.known}))
GROUP BY cohort, bucket, name`;

const QUERIES = CLUSTER_LEVELS.map(queryOf);

interface Row {
  readonly cohort: string;
  readonly bucket: number;
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

const effectsOf = (rows: readonly Row[]): readonly (readonly [FeatureName | FeatureLabel, number])[] => {
  const byName = Map.groupBy(rows, ({ name }) => name);
  return PACKED_FEATURES.flatMap((name) => {
    const buckets = (byName.get(name) ?? []).map(({ n, total, squares }) => ({ n, sum: total, squares }));
    const effect = neverVaries(buckets)
      ? null
      : designEffect(buckets, isFeatureName(name) && FEATURES[name].kind === "flag");
    return effect === null ? [] : [[name, effect] as const];
  });
};

/** The design effect of every feature in `output_features` that the newest calls before `to` tell enough of; see readNewestEffects. */
export const readFeatureEffects = async (
  database: Database,
  migration: string,
  to: number,
): Promise<readonly (readonly [FeatureName | FeatureLabel, number])[]> => {
  const newest = { from: to - LOOKBACK_MS, to, calls: MAX_FEATURE_CALLS };
  const from = await startOfNewest(database, migration, newest);
  const estimates: (readonly [FeatureName | FeatureLabel, number])[] = [];
  const shared = await readSharedKeys(database, { migration, from, to });
  for (const sql of QUERIES) {
    const rows = await database.query<Row>(sql, { migration, from, to, shared });
    for (const arm of Map.groupBy(rows, ({ cohort }) => cohort).values()) estimates.push(...effectsOf(arm));
  }
  return largestOf(estimates);
};

const isPackedFeature = (name: string): name is FeatureName | FeatureLabel =>
  PACKED_FEATURES.some((packed) => packed === name);

/** See readBuckets: the features in `output_features`. */
export const readFeatureBuckets = async (
  database: Database,
  range: SharedRange,
): Promise<readonly NamedBucket<FeatureName | FeatureLabel>[]> => {
  const rows = await database.query<Row>(queryOf("user"), { ...range });
  return rows.flatMap(({ name, cohort, bucket, n, total, squares }) =>
    isPackedFeature(name) ? [{ name, arm: cohort, bucket, n, sum: total, squares }] : [],
  );
};
