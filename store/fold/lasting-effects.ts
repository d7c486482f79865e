import { FEATURES, type FeatureLabel, type FeatureName, isFeatureName } from "../../core/features.ts";
import { type CatalogueSignal, isCatalogueSignal, SIGNALS } from "../../core/signals.ts";
import { type BucketSums, designEffect, withoutHeaviest } from "../../detectors/stats/cluster-effect.ts";
import type { Database } from "../database.ts";
import { readSharedKeys } from "../shared-keys.ts";
import { LOOKBACK_MS, readBuckets, restEffectsOf, startOfNewest } from "./design-effects.ts";
import { readFeatureBuckets } from "./feature-effects.ts";

/** Newest calls that are read at first; what came before is not known after a restart. */
const FIRST_CALLS = 100_000;
/** Sums over fewer calls than this say nothing that the newest calls do not. */
const MIN_CALLS = 1000;

type Name = CatalogueSignal | FeatureName | FeatureLabel;

/** The design effect of one signal over all calls that were counted, and how many those were. */
export interface LastingEffect {
  readonly name: Name;
  readonly effect: number;
  /** Without the heaviest users of an arm; null where that is the same number. */
  readonly rest: number | null;
  readonly calls: number;
}

/** Sums of one signal and arm by bucket of users, over all calls that were counted. */
interface Counted {
  readonly name: Name;
  readonly arm: string;
  readonly buckets: Map<number, BucketSums>;
}

interface MigrationSums {
  until: number;
  readonly counted: Map<string, Counted>;
}

/** Sums over the life of migrations, which grow with each reading. */
export interface LastingEffects {
  /** Counts the calls that ended since the reading before, and tells the effects that are known by then. */
  readonly read: (migration: string, to: number) => Promise<readonly LastingEffect[]>;
}

const isRate = (name: Name): boolean =>
  isCatalogueSignal(name) ? SIGNALS[name].kind === "rate" : isFeatureName(name) && FEATURES[name].kind === "flag";

const add = (a: BucketSums | undefined, b: BucketSums): BucketSums =>
  a === undefined ? b : { n: a.n + b.n, sum: a.sum + b.sum, squares: a.squares + b.squares };

const effectsOf = ({ counted }: MigrationSums): readonly LastingEffect[] =>
  [...Map.groupBy(counted.values(), ({ name }) => name)].flatMap(([name, arms]) => {
    const known = arms.flatMap(({ buckets }) => designEffect([...buckets.values()], isRate(name)) ?? []);
    const ofRest = arms.flatMap(
      ({ buckets }) => designEffect(withoutHeaviest([...buckets.values()]), isRate(name)) ?? [],
    );
    const calls = arms.reduce((sum, { buckets }) => sum + [...buckets.values()].reduce((n, each) => n + each.n, 0), 0);
    if (known.length === 0 || calls < MIN_CALLS) return [];
    const effect = Math.max(...known);
    const left = ofRest.length === 0 ? [] : [[name, Math.max(...ofRest)] as const];
    return [{ name, effect, calls, rest: restEffectsOf([[name, effect]], left)[0]?.[1] ?? null }];
  });

/**
 * What users who stay are like: a trait of a user is in all their calls, however many there are by now, and the newest
 * calls show only a part of that. Counted into buckets of users, so that memory is bounded; forgotten with the process,
 * but for what the newest calls tell: what was told stands in the ticks.
 */
export const createLastingEffects = (database: Database): LastingEffects => {
  const migrations = new Map<string, MigrationSums>();

  const begin = async (migration: string, to: number): Promise<MigrationSums> => {
    const newest = { from: to - LOOKBACK_MS, to, calls: FIRST_CALLS };
    return {
      until: await startOfNewest(database, migration, newest),
      counted: new Map<string, Counted>(),
    };
  };

  return {
    read: async (migration, to) => {
      const sums = migrations.get(migration) ?? (await begin(migration, to));
      const calls = { migration, from: sums.until, to };
      const range = { ...calls, shared: await readSharedKeys(database, calls) };
      const read = [...(await readBuckets(database, range)), ...(await readFeatureBuckets(database, range))];
      for (const { name, arm, bucket, ...more } of read) {
        const key = `${arm}\n${name}`;
        const known = sums.counted.get(key) ?? { name, arm, buckets: new Map<number, BucketSums>() };
        sums.counted.set(key, known);
        known.buckets.set(bucket, add(known.buckets.get(bucket), more));
      }
      sums.until = to;
      migrations.set(migration, sums);
      return effectsOf(sums);
    },
  };
};
