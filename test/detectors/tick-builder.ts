import { migrationOf } from "../../bench/detection/one-rule.ts";
import type { Arm } from "../../core/cohort.ts";
import { bucketOf } from "../../core/histogram.ts";
import type { Migration, Rule } from "../../core/migration.ts";
import type { Sample, Tick } from "../../core/sample.ts";
import { binomialFrom, normalFrom, seededRandom } from "../../core/seeded-random.ts";
import type { SignalName } from "../../core/signals.ts";
import { aRule } from "../fixtures/a-migration.ts";

export const MINUTE = 60_000;

/** A rule with everything a test does not care about filled in. */
export const rule = (fields: Partial<Rule> & Pick<Rule, "signal">): Rule => aRule({ reference: "baseline", ...fields });

export const migration = (rules: readonly Rule[]): Migration => migrationOf(rules);

/** A tick of one minute holding `samples`. */
export const tick = (minute: number, samples: readonly Sample[], fields: Partial<Tick> = {}): Tick => ({
  migration: "simulated",
  from: minute * MINUTE,
  to: (minute + 1) * MINUTE,
  stage: 0,
  share: 0.05,
  calls: [],
  samples,
  ...fields,
});

/** A rate sample. */
export const rate = (signal: SignalName, cohort: Arm, n: number, sum: number, segment = ""): Sample => ({
  signal,
  cohort,
  segment,
  n,
  sum,
  bins: {},
});

/** A value sample of the given numbers. */
export const values = (signal: SignalName, cohort: Arm, numbers: readonly number[], segment = ""): Sample => {
  const bins: Record<string, number> = {};
  for (const number of numbers) bins[bucketOf(number)] = (bins[bucketOf(number)] ?? 0) + 1;
  return { signal, cohort, segment, n: numbers.length, sum: numbers.reduce((a, b) => a + b, 0), bins };
};

/** Seeded draws the scenarios are made of. */
export const draws = (seed: number) => {
  const random = seededRandom(seed);
  return {
    events: (n: number, p: number): number => binomialFrom(random, n, p),
    lognormal: (n: number, median: number, sd: number): number[] =>
      Array.from({ length: n }, () => median * Math.exp(sd * normalFrom(random))),
    /** Counts of n draws over labelled probabilities. */
    labels: (n: number, shares: Readonly<Record<string, number>>): Record<string, number> => {
      const counts: Record<string, number> = {};
      for (let i = 0; i < n; i++) {
        let left = random();
        const label = Object.keys(shares).find((name) => {
          left -= shares[name] ?? 0;
          return left < 0;
        });
        if (label !== undefined) counts[label] = (counts[label] ?? 0) + 1;
      }
      return counts;
    },
  };
};
