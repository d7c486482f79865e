import type { Rule } from "../../../core/migration.ts";
import { OVERALL, type Sample, type Tick } from "../../../core/sample.ts";
import { seededRandom } from "../../../core/seeded-random.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { assumedCalls } from "../../../detectors/power/assumed-calls.ts";
import { MINUTE_MS, migrationOf } from "../../detection/one-rule.ts";
import type { DirtyCase, DirtyKind } from "../case.ts";

const SHARE = 0.05;
const ARMS = ["canary", "baseline"] as const;
const HOUR_MS = 60 * MINUTE_MS;

const p99 = (limit: number): Rule => ({
  id: "p99",
  signal: "latency_ms",
  quantile: 0.99,
  limit,
  unit: "relative",
  direction: "increase",
  reference: "baseline",
  projection: null,
  by: null,
  severity: "rollback",
});

/** What is said of a p99 that may rise by 40% and is four times as high, or alike, at so many calls a day. */
const saidOf = (callsPerDay: number, isWorse: boolean, days: number): string => {
  const rule = p99(0.4);
  const { draw } = assumedCalls(rule, "latency_ms", isWorse ? 3 / 0.4 : 0);
  const [engine, random] = [createEngine(migrationOf([rule], SHARE)), seededRandom(1)];
  for (let hour = 0; hour < 24 * days; hour++) {
    const from = hour * HOUR_MS;
    const samples = ARMS.map((cohort): Sample => {
      const mean = (callsPerDay / 24) * (cohort === "canary" ? SHARE : 1 - SHARE);
      return draw(random, cohort, Math.floor(mean + random()));
    }).filter(({ n }) => n > 0);
    const tick: Tick = { migration: "simulated", from, to: from + HOUR_MS, stage: 0, share: SHARE, calls: [], samples };
    const verdict = engine.step(tick, "outcome").verdicts.find(({ evidence }) => evidence.segment === OVERALL);
    if (verdict === undefined || verdict.outcome === "undecided") continue;
    return verdict.outcome;
  }
  return "undecided";
};

const trafficCase = (
  callsPerDay: number,
  isWorse: boolean,
  days: number,
  right: string,
  before: string,
): DirtyCase => ({
  input: `p99 ${isWorse ? "four times as high" : "alike"} at ${callsPerDay} calls a day, ${days} days`,
  right,
  before,
  measure: () => saidOf(callsPerDay, isWorse, days),
  isRight: (said) => said === right,
});

/** What a quantile's place rests on may not fade faster than calls come in. */
export const quantileAtLittleTraffic: DirtyKind = {
  kind: "quantiles at little traffic",
  cases: [
    trafficCase(1300, true, 30, "breach", "undecided"),
    trafficCase(600, true, 30, "breach", "undecided"),
    trafficCase(200, true, 30, "breach", "undecided"),
    trafficCase(1300, false, 60, "clear", "undecided"),
    trafficCase(10_000, true, 30, "breach", "breach"),
  ],
};
