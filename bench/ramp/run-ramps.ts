import { assumedSignals, signalsAtLimit } from "../../agent/forecast/assumed-signals.ts";
import { searchMs, simulateStages } from "../../agent/forecast/simulate-stages.ts";
import { type StagesRun, walkStages } from "../../agent/forecast/walk-stages.ts";
import type { Migration } from "../../core/migration.ts";
import { DAY_MS } from "../../core/retention.ts";
import { shareOfStage } from "../../lifecycle/stages.ts";
import { createUserWorld } from "./user-world.ts";

const TICK_MS = 600_000;
/** Canary calls of a tick: nothing is decided by fewer. */
const CALLS_A_TICK = 6;

/** Of how many calls a day, by as many users. */
export interface RampTraffic {
  readonly callsPerDay: number;
  readonly users: number;
}

/** One healthy migration, call by call; a stage that is held for ten times its time is left all the same, as in a forecast. */
export const runHealthy = (migration: Migration, traffic: RampTraffic, seed: number): StagesRun =>
  walkStages(migration, createUserWorld(migration.name, assumedSignals(migration), { ...traffic, seed }), {
    tickMs: (stage) => Math.max(TICK_MS, (CALLS_A_TICK / (shareOfStage(stage) * traffic.callsPerDay)) * DAY_MS),
    searchMs: ({ forMs }) => searchMs(forMs),
  });

/**
 * One migration for each rule with a limit, whose candidate has gone exactly as far as that rule allows: what would be promoted
 * falsely. On calls as a forecast assumes them: by users they take minutes each.
 */
export const runAtLimits = (
  migration: Migration,
  traffic: RampTraffic,
  seed: number,
): readonly { readonly rule: string; readonly run: StagesRun }[] =>
  migration.rules.flatMap((rule) => {
    const signals = signalsAtLimit(migration, rule);
    return signals === null ? [] : [{ rule: rule.id, run: simulateStages(migration, traffic, seed, { signals }) }];
  });
