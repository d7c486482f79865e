import type { Audience } from "../../core/audience.ts";
import { unreachable } from "../../core/exhaustive.ts";
import { UNKNOWN_EFFECT } from "../../core/sample.ts";
import { type CatalogueSignal, SIGNAL_NAMES, SIGNALS } from "../../core/signals.ts";
import { type BucketSums, designEffect, withoutHeaviest } from "../../detectors/stats/cluster-effect.ts";
import type { Database } from "../database.ts";
import { momentOf } from "../epoch-sql.ts";
import { MINUTES } from "../schema/llm-1m.ts";
import { SPANS } from "../schema/llm-spans.ts";
import { OWN_KEY, readSharedKeys } from "../shared-keys.ts";
import { SIGNAL_COLUMNS } from "../signal-columns.ts";
import { ofAudienceSql } from "./audience-sql.ts";

/** Buckets that users and conversations are hashed into. */
export const BUCKETS = 256;
/** Newest calls that are looked at, and how far back. */
const MAX_CALLS = 100_000;
export const LOOKBACK_MS: number = 7 * 86_400_000;

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

/** Signals of which it is measured. */
export const MEASURED_SIGNALS: readonly CatalogueSignal[] = SIGNAL_NAMES.filter((name) => {
  const column = SIGNAL_COLUMNS[name];
  return column !== undefined && numberOf(name, column.value) !== null;
});

const sumsOf = (name: CatalogueSignal): string => {
  const { value, known } = SIGNAL_COLUMNS[name] ?? { value: "0", known: "0" };
  const x = numberOf(name, value);
  return `countIf(${known}) AS ${name}_n, sumIf(${x}, ${known}) AS ${name}_s, sumIf(${x} * ${x}, ${known}) AS ${name}_q`;
};

const CALL = "concat(trace_id, span_id)";

/**
 * SQL for what makes calls alike: whom the flag decided about, and the conversation; each is the other where it is not
 * known itself, else nothing. Needs the parameter `shared`: a key that both arms share is nobody's.
 */
export const CLUSTERS: Readonly<Record<"user" | "conversation", string>> = {
  user: `multiIf(${OWN_KEY} != '', targeting_key_hash, conversation_id != '', conversation_id, ${CALL})`,
  conversation: `multiIf(conversation_id != '', conversation_id, ${OWN_KEY} != '', targeting_key_hash, ${CALL})`,
};

/** One of the two. */
export type ClusterLevel = keyof typeof CLUSTERS;

/** Both of them. */
export const CLUSTER_LEVELS: readonly ClusterLevel[] = ["user", "conversation"];

/**
 * SQL for the sums, per bucket of users or conversations and per arm, of the newest calls for which `condition` holds.
 * Needs the parameter `shared`; see CLUSTERS.
 */
export const bucketSumsSql = (
  names: readonly CatalogueSignal[],
  condition: string,
  { level, byArm }: { readonly level: ClusterLevel; readonly byArm: boolean },
): string =>
  `SELECT ${byArm ? "cohort" : "''"} AS arm, cityHash64(${CLUSTERS[level]}) % ${BUCKETS} AS bucket,
${names.map(sumsOf).join(",\n")}
FROM (SELECT * FROM ${SPANS}
  WHERE ${condition} AND end_ms >= ${momentOf("from")} AND end_ms < ${momentOf("to")}
  ORDER BY end_ms DESC LIMIT ${MAX_CALLS})
GROUP BY arm, bucket`;

/** Calls of the migration that count: of both arms. */
export const OF_ARMS: string = "migration = {migration:String} AND cohort IN ('baseline', 'canary')";

/** One row that bucketSumsSql() asks for. */
export type BucketRow = { readonly arm: string; readonly bucket: number } & Readonly<
  Partial<Record<`${CatalogueSignal}_n` | `${CatalogueSignal}_s` | `${CatalogueSignal}_q`, number>>
>;

/** The larger of several estimates, by name: each is one way in which calls may be alike. */
export const largestOf = <Name extends string>(
  estimates: readonly (readonly [Name, number])[],
): readonly (readonly [Name, number])[] =>
  [...Map.groupBy(estimates, ([name]) => name)].map(([name, each]) => [
    name,
    Math.max(...each.map(([, effect]) => effect)),
  ]);

/**
 * The design effect of every signal that the rows tell enough of: of the arm in which calls are more alike. `ofBuckets`:
 * which of an arm's buckets are meant; default all.
 */
export const effectsOf = (
  names: readonly CatalogueSignal[],
  rows: readonly BucketRow[],
  ofBuckets: (buckets: readonly BucketSums[]) => readonly BucketSums[] = (buckets) => buckets,
): readonly (readonly [CatalogueSignal, number])[] =>
  largestOf(
    [...Map.groupBy(rows, ({ arm }) => arm).values()].flatMap((arm) =>
      names.flatMap((name) => {
        const effect = designEffect(ofBuckets(bucketsOf(name, arm)), SIGNALS[name].kind === "rate");
        return effect === null ? [] : [[name, effect] as const];
      }),
    ),
  );

/** The buckets of one signal. */
const bucketsOf = (name: CatalogueSignal, rows: readonly BucketRow[]): readonly BucketSums[] =>
  rows.map((row) => ({ n: row[`${name}_n`] ?? 0, sum: row[`${name}_s`] ?? 0, squares: row[`${name}_q`] ?? 0 }));

/**
 * First minute of the newest `calls` calls that ended in [from, to), asked of the rollup: at much traffic they lie
 * within minutes, and looking for them in a week of spans would hold up the tick. Epoch ms.
 */
export const startOfNewest = async (
  database: Database,
  migration: string,
  { from, to, calls }: { readonly from: number; readonly to: number; readonly calls: number },
): Promise<number> => {
  const [row] = await database.query<{ start: number; minutes: number }>(
    `SELECT toInt64(toUnixTimestamp(min(minute))) * 1000 AS start, count() AS minutes FROM (
       SELECT minute, n, sum(n) OVER (ORDER BY minute DESC) AS newer FROM (
         SELECT minute, sum(calls) AS n FROM ${MINUTES}
         WHERE ${OF_ARMS}
           AND minute >= ${momentOf("from")} AND minute < ${momentOf("to")}
         GROUP BY minute))
     WHERE newer - n < {calls:UInt64}`,
    { migration, from, to, calls },
  );
  return row === undefined || row.minutes === 0 ? from : Math.max(from, row.start);
};

const queryOf = (level: ClusterLevel, audience: Audience | null = null): string =>
  bucketSumsSql(MEASURED_SIGNALS, audience === null ? OF_ARMS : `${OF_ARMS} AND ${ofAudienceSql(audience)}`, {
    level,
    byArm: true,
  });

/** Design effects by signal; `rest`: without the heaviest users of an arm. */
export interface NewestEffects {
  readonly all: readonly (readonly [CatalogueSignal, number])[];
  readonly rest: readonly (readonly [CatalogueSignal, number])[];
}

/**
 * The effects that are another number without the heaviest: where too little is left to say, calls count as long as
 * nothing is known, and never for less than all together.
 */
export const restEffectsOf = <Name extends string>(
  all: readonly (readonly [Name, number])[],
  rest: readonly (readonly [Name, number])[],
): readonly (readonly [Name, number])[] => {
  const known = new Map(rest);
  return all.flatMap(([name, effect]) => {
    const left = Math.min(effect, known.get(name) ?? UNKNOWN_EFFECT);
    return left === effect ? [] : [[name, left] as const];
  });
};

/**
 * The design effect of every signal that enough is known of, from the newest calls before `to`: of users and of
 * conversations, in each arm, the largest; of those of the `audience` alone where there is one. A user may have many conversations, and a conversation several users.
 */
export const readNewestEffects = async (
  database: Database,
  migration: string,
  to: number,
  audience: Audience | null = null,
): Promise<NewestEffects> => {
  const newest = { from: to - LOOKBACK_MS, to, calls: MAX_CALLS };
  const from = await startOfNewest(database, migration, newest);
  const estimates: (readonly [CatalogueSignal, number])[] = [];
  const ofRest: (readonly [CatalogueSignal, number])[] = [];
  const shared = await readSharedKeys(database, { migration, from, to });
  for (const sql of CLUSTER_LEVELS.map((level) => queryOf(level, audience))) {
    const rows = await database.query<BucketRow>(sql, { migration, from, to, shared });
    estimates.push(...effectsOf(MEASURED_SIGNALS, rows));
    ofRest.push(...effectsOf(MEASURED_SIGNALS, rows, withoutHeaviest));
  }
  const all = largestOf(estimates);
  return { all, rest: restEffectsOf(all, largestOf(ofRest)) };
};

/** Sums of one signal (or feature) over the calls of an arm's users in one bucket. */
export interface NamedBucket<Name extends string> extends BucketSums {
  readonly name: Name;
  readonly arm: string;
  readonly bucket: number;
}

/** Calls that ended in [from, to), epoch ms; `shared`: the keys among them that both arms share. */
export interface SharedRange {
  readonly migration: string;
  readonly from: number;
  readonly to: number;
  readonly shared: readonly string[];
}

/** The sums by arm and bucket of users, of the newest calls that ended in [from, to), epoch ms. */
export const readBuckets = async (
  database: Database,
  range: SharedRange,
): Promise<readonly NamedBucket<CatalogueSignal>[]> => {
  const rows = await database.query<BucketRow>(queryOf("user"), { ...range });
  return rows.flatMap((row) =>
    MEASURED_SIGNALS.flatMap((name) => {
      const n = row[`${name}_n`] ?? 0;
      const { arm, bucket } = row;
      return n === 0 ? [] : [{ name, arm, bucket, n, sum: row[`${name}_s`] ?? 0, squares: row[`${name}_q`] ?? 0 }];
    }),
  );
};
