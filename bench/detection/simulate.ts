import type { Migration, Rule } from "../../core/migration.ts";
import type { Tick } from "../../core/sample.ts";
import { binomialFrom, seededRandom } from "../../core/seeded-random.ts";
import { decide } from "../../detectors/decide.ts";
import { createEngine } from "../../detectors/engine.ts";
import { NOT_STARTED } from "../../detectors/history.ts";

export const MINUTE_MS = 60_000;
export const FOURTEEN_DAYS: number = 14 * 24 * 60;

/** The rule under test: errors at most 5%, and not worse than the baseline. */
export const ERROR_RULE: Rule = {
  id: "error",
  signal: "error",
  quantile: null,
  limit: 0.05,
  unit: "absolute",
  direction: "increase",
  reference: "none",
  projection: null,
  by: null,
  severity: "rollback",
};

/** A migration with one long stage at 5% and the given rules. */
export const migrationOf = (rules: readonly Rule[], share = 0.05): Migration => ({
  name: "simulated",
  hash: "simulated",
  owner: "bench",
  approvers: [],
  baseline: { model: "old", provider: null, prompt: null },
  candidate: { model: "new", provider: null, prompt: null },
  match: { service: null, operation: null },
  route: { flag: "model", target: "builtin" },
  segments: [],
  stages: [{ share, forMs: Number.MAX_SAFE_INTEGER, approval: true }],
  rules,
});

/** One simulated run: error rates per minute, minutes to run, canary calls a minute, seed. */
export interface Scenario {
  readonly baselineRate: number;
  readonly canaryRate: (minute: number) => number;
  readonly minutes: number;
  readonly callsPerMinute: number;
  readonly share: number;
}

/** When the run rolled back: calls and minutes since its start; null = it did not. */
export type Outcome = { readonly minute: number; readonly canaryCalls: number } | null;

const errorTick = (
  minute: number,
  share: number,
  canary: readonly [number, number],
  baseline: readonly [number, number],
): Tick => ({
  migration: "simulated",
  from: minute * MINUTE_MS,
  to: (minute + 1) * MINUTE_MS,
  stage: 0,
  share,
  calls: [],
  samples: [
    { signal: "error", cohort: "canary", segment: "", n: canary[0], sum: canary[1], bins: {} },
    { signal: "error", cohort: "baseline", segment: "", n: baseline[0], sum: baseline[1], bins: {} },
  ],
});

/** Runs the shipped engine and decide() over one seeded scenario until it rolls back or the time is over. */
export const simulate = (scenario: Scenario, seed: number): Outcome => {
  const random = seededRandom(seed);
  const migration = migrationOf([ERROR_RULE], scenario.share);
  const engine = createEngine(migration);
  const state = { ...NOT_STARTED, hash: migration.hash };
  const canaryCalls = scenario.callsPerMinute;
  const baselineCalls = Math.round((canaryCalls * (1 - scenario.share)) / scenario.share);
  for (let minute = 0; minute < scenario.minutes; minute++) {
    const canary = [canaryCalls, binomialFrom(random, canaryCalls, scenario.canaryRate(minute))] as const;
    const baseline = [baselineCalls, binomialFrom(random, baselineCalls, scenario.baselineRate)] as const;
    const judgement = engine.step(errorTick(minute, scenario.share, canary, baseline), "outcome");
    const decision = decide(migration, state, judgement, judgement.at);
    if (decision.kind === "rollback") return { minute, canaryCalls: (minute + 1) * canaryCalls };
  }
  return null;
};

/** The same scenario under `runs` seeds: 1, 2, … */
export const simulateMany = (scenario: Scenario, runs: number): readonly Outcome[] =>
  Array.from({ length: runs }, (_, i) => simulate(scenario, i + 1));

/** Median of the calls to rollback after `onsetMinute`, counting runs that never rolled back as infinite. */
export const medianCalls = (outcomes: readonly Outcome[], callsPerMinute: number, onsetMinute = 0): number => {
  const calls = outcomes.map((outcome) =>
    outcome === null ? Number.POSITIVE_INFINITY : outcome.canaryCalls - onsetMinute * callsPerMinute,
  );
  return calls.sort((a, b) => a - b)[Math.floor(calls.length / 2)] ?? Number.NaN;
};
