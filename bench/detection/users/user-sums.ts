import type { Arm } from "../../../core/cohort.ts";
import type { Tick } from "../../../core/sample.ts";
import { type CatalogueSignal, SIGNALS } from "../../../core/signals.ts";
import { designEffect } from "../../../detectors/stats/cluster-effect.ts";

/** Buckets of users, and calls from which a lasting effect is told: as store/fold/ has them. */
export const BUCKETS = 256;
const MIN_LASTING_CALLS = 1000;

type Sums = Map<string, Float64Array>;

/** What is told of how alike the calls of users are. */
export interface UserSums {
  readonly begin: (day: number) => void;
  /** A call of `bucket`: `value` as the store sums it, 0 or 1 of a rate, a logarithm of an amount, a coin of a label. */
  readonly add: (signal: CatalogueSignal, arm: Arm, bucket: number, value: number) => void;
  readonly effects: () => Pick<Tick, "designEffects" | "lastingEffects">;
}

const keyOf = (signal: CatalogueSignal, arm: Arm): string => `${signal} ${arm}`;

const addTo = (sums: Sums, key: string, bucket: number, value: number): void => {
  const all = sums.get(key) ?? new Float64Array(BUCKETS * 3);
  sums.set(key, all);
  const at = bucket * 3;
  all[at] = (all[at] ?? 0) + 1;
  all[at + 1] = (all[at + 1] ?? 0) + value;
  all[at + 2] = (all[at + 2] ?? 0) + value * value;
};

const bucketsOf = (blocks: readonly Sums[], key: string) =>
  Array.from({ length: BUCKETS }, (_, bucket) => {
    const term = (i: number): number => blocks.reduce((sum, block) => sum + (block.get(key)?.[bucket * 3 + i] ?? 0), 0);
    return { n: term(0), sum: term(1), squares: term(2) };
  });

/** Sums over the newest days (default: 3, which 100,000 calls are at 25 a minute) and over the whole life, by arm and bucket of users. */
export const createUserSums = (signals: readonly CatalogueSignal[], newestDays = 3): UserSums => {
  const [life, days]: [Sums, Map<number, Sums>] = [new Map(), new Map()];
  let today: Sums = new Map();

  const largest = (blocks: readonly Sums[], signal: CatalogueSignal): number | null => {
    const found = (["canary", "baseline"] as const).flatMap(
      (arm) => designEffect(bucketsOf(blocks, keyOf(signal, arm)), SIGNALS[signal].kind === "rate") ?? [],
    );
    return found.length === 0 ? null : Math.max(...found);
  };

  return {
    begin: (day) => {
      if (!days.has(day)) days.set(day, new Map());
      today = days.get(day) ?? new Map();
      days.delete(day - newestDays);
    },
    add: (signal, arm, bucket, value) => {
      addTo(today, keyOf(signal, arm), bucket, value);
      addTo(life, keyOf(signal, arm), bucket, value);
    },
    effects: () => {
      const [newest, lasting]: [Record<string, number>, Record<string, { effect: number; calls: number }>] = [{}, {}];
      for (const signal of signals) {
        const effect = largest([...days.values()], signal);
        if (effect !== null) newest[signal] = effect;
        const ever = largest([life], signal);
        const calls = (["canary", "baseline"] as const)
          .flatMap((arm) => bucketsOf([life], keyOf(signal, arm)))
          .reduce((sum, { n }) => sum + n, 0);
        if (ever !== null && calls >= MIN_LASTING_CALLS) lasting[signal] = { effect: ever, calls };
      }
      return { designEffects: newest, lastingEffects: lasting };
    },
  };
};
