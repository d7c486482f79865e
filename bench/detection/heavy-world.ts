import type { Arm } from "../../core/cohort.ts";
import type { Rule } from "../../core/migration.ts";
import type { HeavySample, Sample, Tick } from "../../core/sample.ts";
import { binomialFrom, seededRandom } from "../../core/seeded-random.ts";
import type { Verdict } from "../../core/verdict.ts";
import { createEngine } from "../../detectors/engine.ts";
import { MINUTE_MS, migrationOf } from "./one-rule.ts";

/** Calls a minute and how many of them fail, 0-1, of somebody or of all others. */
export interface Traffic {
  readonly calls: number;
  readonly fails: number;
}

/** Who calls in a minute: the heavy ones by name, and everybody else, each of whom is light. */
export interface Minute {
  readonly others: Readonly<Record<Arm, Traffic>>;
  readonly heavy: Readonly<Partial<Record<Arm, Readonly<Record<string, Traffic>>>>>;
  readonly effects?: Pick<Tick, "designEffects" | "restEffects">;
}

/** Failures, at most two points more than the baseline's. */
export const FAILURES: Rule = {
  ...{ id: "error", signal: "error", quantile: null, limit: 0.02, unit: "points", direction: "increase" },
  ...{ reference: "baseline", projection: null, by: null, severity: "rollback" },
};

/** How alike calls are told to be from the first tick on, where nothing else is said. */
const INDEPENDENT = { designEffects: { error: 1 } };

/** The verdicts of `rule` over so many minutes, one a minute; seeded. `segment`: where everybody is as well. */
export const heavyWorld = (
  minutes: number,
  seed: number,
  minuteOf: (minute: number) => Minute,
  { rule = FAILURES, isTold = true }: { readonly rule?: Rule; readonly isTold?: boolean } = {},
): readonly Verdict[] => {
  const random = seededRandom(seed);
  const engine = createEngine(migrationOf([rule]));
  return Array.from({ length: minutes }, (_, minute) => {
    const { others, heavy, effects = minute === 0 ? INDEPENDENT : {} } = minuteOf(minute);
    const draw = ({ calls, fails }: Traffic) => ({ n: calls, sum: binomialFrom(random, calls, fails), bins: {} });
    const named: HeavySample[] = [];
    const samples = (["canary", "baseline"] as const).map((cohort): Sample => {
      const key = { signal: rule.signal as Sample["signal"], cohort, segment: "" };
      const parts = Object.entries(heavy[cohort] ?? {}).map(([cluster, traffic]) => ({
        ...{ ...key, cluster, ...draw(traffic) },
      }));
      named.push(...parts.filter(({ n }) => n > 0));
      const all = [draw(others[cohort]), ...parts];
      return {
        ...key,
        n: all.reduce((sum, { n }) => sum + n, 0),
        sum: all.reduce((sum, each) => sum + each.sum, 0),
        bins: {},
      };
    });
    const tick: Tick = {
      ...{ migration: "simulated", from: minute * MINUTE_MS, to: (minute + 1) * MINUTE_MS, stage: 0, share: 0.05 },
      ...{ calls: samples.map(({ cohort, segment, n }) => ({ cohort, segment, calls: n })), samples },
      ...(isTold && named.length > 0 ? { heavy: named } : {}),
      ...effects,
    };
    return engine.step(tick).verdicts[0] as Verdict;
  });
};
