import type { Migration, Rule, Stage } from "../../core/migration.ts";
import { DAY_MS } from "../../core/retention.ts";
import { MIN_CALLS_TO_CLEAR } from "../../detectors/plan.ts";
import { shareOfStage } from "../../lifecycle/stages.ts";
import type { AssumedTraffic } from "./assumed-traffic.ts";
import { partOfStage } from "./part-of-stage.ts";
import { type SimulationChanges, searchMs, simulateStages } from "./simulate-stages.ts";
import type { StagePassage, StagesRun } from "./walk-stages.ts";

/** A rule that keeps a stage beyond its time by itself, and what would let it pass in the time that is written. */
export interface HoldingRule {
  readonly rule: Rule;
  /** How long it keeps the stage, the median of its runs, ms; null = beyond the search. */
  readonly tookMs: number | null;
  /** The least of a few larger shares that does; null = none of them. */
  readonly share: number | null;
  /** The least of a few wider limits that does; null = none of them, or it has none. */
  readonly wider: Rule | null;
}

/** How long a healthy candidate stays in a stage. */
export interface StageForecast {
  readonly forMs: number;
  /** Canary share, 0-1. */
  readonly share: number;
  /** Part of the calls that it is taken to be for, 0-1. */
  readonly part: number;
  /** Runs that came to its end or to that of the search. */
  readonly runs: number;
  /** Median and 19 of 20, ms; null = beyond the search, which ends at `searchMs`. */
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
  readonly searchMs: number;
  /** Rules that were the last to be clear, the commonest first; empty = its time alone. */
  readonly heldBy: readonly string[];
  /** Of a stage that is held: each rule that does so by itself, the slowest first. */
  readonly holding: readonly HoldingRule[];
}

/** What is foreseen of a migration whose candidate is healthy. */
export interface RampForecast {
  readonly stages: readonly StageForecast[];
  readonly runs: number;
  readonly rolledBack: number;
}

/** Runs, and ticks after which no other is begun: what bounds the time, whatever the machine. */
const [MOST_RUNS, LEAST_RUNS, MOST_TICKS] = [20, 7, 1500];
const RUNS_ALONE = 3;
/** Part of the time that the runs take; the rest goes into what holds a stage. */
const RUNNING = 0.6;
const SHARES = [1.5, 2, 3, 5, 10];
const LIMITS = [1.5, 2, 3];

const quantileOf = (all: readonly StagePassage[], q: number): number | null => {
  const sorted = all.map(({ tookMs }) => tookMs ?? Number.POSITIVE_INFINITY).toSorted((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.POSITIVE_INFINITY;
  return Number.isFinite(found) ? found : null;
};

const commonest = (names: readonly string[]): readonly string[] =>
  [...Map.groupBy(names, (name) => name)].toSorted((a, b) => b[1].length - a[1].length).map(([name]) => name);

type Plan = Pick<Migration, "stages" | "rules">;

/** How long one rule by itself keeps one stage, ms; null = beyond the search, or with `inTimeOnly` beyond the stage's time. */
const alone = (
  migration: Migration,
  { stages, rules }: Plan,
  traffic: AssumedTraffic,
  changes: SimulationChanges = {},
): number | null => {
  const passages = Array.from({ length: RUNS_ALONE }, (_, i) => {
    const run = simulateStages({ ...migration, stages, rules }, traffic, i + 1, changes);
    return run.passages[0] ?? { tookMs: null, heldBy: "" };
  });
  return quantileOf(passages, 0.5);
};

const gateOf = ({ gate }: Stage, { rules }: Migration): readonly Rule[] =>
  rules.filter(({ id }) => gate?.includes(id) ?? true);

/** The stage with this rule's gate alone. */
const justFor = ({ id }: Rule, stage: Stage): Stage => ({ ...stage, gate: [id] });

const holdingRules = (migration: Migration, stage: number, traffic: AssumedTraffic): readonly HoldingRule[] => {
  const written = migration.stages[stage];
  if (written === undefined) return [];
  const isInTime = (tookMs: number | null): boolean => tookMs !== null && tookMs <= written.forMs;
  return gateOf(written, migration)
    .flatMap((rule): readonly HoldingRule[] => {
      const tookMs = alone(migration, { stages: [justFor(rule, written)], rules: [rule] }, traffic);
      if (isInTime(tookMs)) return [];
      const hasCalls = ({ stages: [stage] }: Plan): boolean =>
        stage !== undefined &&
        (traffic.callsPerDay * partOfStage(stage) * shareOfStage(stage) * stage.forMs) / DAY_MS >= MIN_CALLS_TO_CLEAR;
      const fits = (changed: Plan): boolean =>
        hasCalls(changed) && alone(migration, changed, traffic, { inTimeOnly: true }) !== null;
      const share = SHARES.map((times) => times * shareOfStage(written)).find(
        (each) =>
          each <= 0.5 &&
          written.kind === "canary" &&
          fits({ stages: [{ ...written, gate: [rule.id], share: each }], rules: [rule] }),
      );
      const wider = LIMITS.flatMap((times) =>
        rule.limit === null ? [] : [{ ...rule, limit: rule.limit * times }],
      ).find((each) => fits({ stages: [justFor(rule, written)], rules: [each] }));
      return [{ rule, tookMs, share: share ?? null, wider: wider ?? null }];
    })
    .toSorted((a, b) => (b.tookMs ?? Number.POSITIVE_INFINITY) - (a.tookMs ?? Number.POSITIVE_INFINITY));
};

/**
 * How long a healthy candidate stays in each stage at this traffic, by seeded runs of the shipped engine and of `decide` on assumed
 * calls; what holds it, and what would not. `progress` hears how far it is, 0-1. Deterministic.
 */
export const forecastRamp = (
  migration: Migration,
  traffic: AssumedTraffic,
  progress: (done: number) => void,
): RampForecast => {
  const runs: StagesRun[] = [];
  for (let ticks = 0; runs.length < LEAST_RUNS || (runs.length < MOST_RUNS && ticks < MOST_TICKS); ) {
    const run = simulateStages(migration, traffic, runs.length + 1);
    runs.push(run);
    ticks += run.ticks;
    progress(RUNNING * Math.max(runs.length / MOST_RUNS, ticks / MOST_TICKS));
  }
  const stages = migration.stages.map((stage, i): StageForecast => {
    const passages = runs.flatMap(({ passages: all }) => all[i] ?? []);
    const [medianMs, p95Ms] = [quantileOf(passages, 0.5), quantileOf(passages, 0.95)];
    progress(RUNNING + ((1 - RUNNING) * i) / migration.stages.length);
    const isHeld = medianMs === null || medianMs > stage.forMs;
    return {
      ...{
        forMs: stage.forMs,
        share: shareOfStage(stage),
        part: partOfStage(stage),
        searchMs: searchMs(stage.forMs),
        runs: passages.length,
      },
      ...{ medianMs, p95Ms, heldBy: commonest(passages.flatMap(({ heldBy }) => (heldBy === "" ? [] : [heldBy]))) },
      holding: isHeld ? holdingRules(migration, i, traffic) : [],
    };
  });
  return { stages, runs: runs.length, rolledBack: runs.filter(({ rolledBack }) => rolledBack !== null).length };
};
