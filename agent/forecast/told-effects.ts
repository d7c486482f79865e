import type { Arm } from "../../core/cohort.ts";
import { type Sample, type Tick, UNKNOWN_EFFECT } from "../../core/sample.ts";
import { BUCKETS } from "../../store/fold/design-effects.ts";
import type { AssumedSignal } from "./assumed-signals.ts";
import { traitEffect } from "./user-luck.ts";

/** What ticks tell of how alike calls are. */
export type ToldEffects = Pick<Tick, "designEffects" | "lastingEffects">;

/** As the store tells it: while nothing at all is known, everything counts as the unknown effect; a lasting one is that of calls. */
export const toldAs = (
  signals: readonly AssumedSignal[],
  newest: Readonly<Record<string, number>>,
  lasting: NonNullable<Tick["lastingEffects"]>,
): ToldEffects => {
  const isKnown = Object.keys(newest).length > 0;
  return {
    designEffects: isKnown ? newest : Object.fromEntries(signals.map(({ name }) => [name, UNKNOWN_EFFECT])),
    lastingEffects: Object.fromEntries(
      signals.flatMap(({ name, isOfCall }) => (isOfCall && lasting[name] !== undefined ? [[name, lasting[name]]] : [])),
    ),
  };
};

/** Known calls, and events of a rate, of an arm below which the store tells nothing; how far back it looks for the newest calls. */
const [MIN_CALLS, MIN_EVENTS] = [1000, 30];
const NEWEST = { days: 7, calls: 100_000 };

/** Days of which the store takes the newest calls. */
export const newestDays = (callsPerDay: number): number => Math.min(NEWEST.days, NEWEST.calls / callsPerDay);

/** Relative standard deviation of an estimate from that many buckets; two are added for safety. */
const CHANCE = Math.sqrt(2 / (BUCKETS - 1));
/** Mean of the larger of two estimates, in standard deviations of one: that of the arm which looks more alike is told. */
const LARGER_OF_TWO = 0.56;

const ARMS: readonly Arm[] = ["canary", "baseline"];

/**
 * What the store would tell of calls of which each user has made `calls(days)`, from the samples that were drawn: its formula's
 * expectation instead of its sums by user.
 */
export const createToldEffects = (
  signals: readonly AssumedSignal[],
  { callsPerDay, users }: { readonly callsPerDay: number; readonly users: number },
): { readonly add: (days: number, samples: readonly Sample[]) => void; readonly read: () => ToldEffects } => {
  const sums = new Map<string, { n: number; sum: number }>();
  let days = 0;
  const of = (name: string, arm: Arm) => sums.get(`${arm} ${name}`) ?? { n: 0, sum: 0 };
  const isKnown = ({ name, kind }: AssumedSignal, arm: Arm): boolean => {
    const { n, sum } = of(name, arm);
    return n >= MIN_CALLS && (kind !== "rate" || Math.min(sum, n - sum) >= MIN_EVENTS);
  };
  return {
    add: (length, samples) => {
      days += length;
      for (const { signal, cohort, segment, n, sum } of samples) {
        if (segment !== "") continue;
        const so = of(signal, cohort);
        sums.set(`${cohort} ${signal}`, { n: so.n + n, sum: so.sum + sum });
      }
    },
    read: () => {
      const known = signals.flatMap((signal) => {
        const arms = ARMS.filter((arm) => isKnown(signal, arm)).length;
        if (arms === 0) return [];
        const asTold = (1 + 2 * CHANCE) * (1 + (arms - 1) * LARGER_OF_TWO * CHANCE);
        const each = (signal.known * callsPerDay) / users;
        const effectOf = (over: number): number => traitEffect(signal.trait, each * over) * asTold;
        const calls = ARMS.reduce((all, arm) => all + of(signal.name, arm).n, 0);
        const newest = effectOf(Math.min(days, newestDays(callsPerDay)));
        return [{ name: signal.name, newest, lasting: { effect: effectOf(days), calls } }];
      });
      return toldAs(
        signals,
        Object.fromEntries(known.map(({ name, newest }) => [name, newest])),
        Object.fromEntries(known.map(({ name, lasting }) => [name, lasting])),
      );
    },
  };
};
