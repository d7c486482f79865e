import type { Migration } from "../../core/migration.ts";
import { createEngine } from "../../detectors/engine.ts";
import { LEARN_MS } from "../../detectors/plan.ts";
import { decide } from "../../lifecycle/decide.ts";
import { shareOfStage } from "../../lifecycle/stages.ts";
import { type MigrationState, NOT_STARTED } from "../../lifecycle/state.ts";
import { createUserWorld } from "./user-world.ts";

const HOUR_MS = 3_600_000;

/** One healthy migration: hours in each stage it left, what held it last, and what it came to. */
export interface RampRun {
  readonly hours: readonly number[];
  readonly heldBy: readonly string[];
  readonly rolledBack: string | null;
  readonly pausedFor: readonly string[];
}

/** Runs it to the end of its stages, or to `horizonMs`. A pause is looked at and resumed at once. */
export const runRamp = (
  migration: Migration,
  traffic: { readonly callsPerDay: number; readonly users: number; readonly seed: number },
  { tickMs, horizonMs }: { readonly tickMs: number; readonly horizonMs: number },
): RampRun => {
  const world = createUserWorld(migration, traffic);
  const engine = createEngine(migration);
  engine.learn(world(-LEARN_MS, 0, 0, 0));
  let state: MigrationState = { ...NOT_STARTED, hash: migration.hash, startedWith: migration.hash };
  const [hours, heldBy]: [number[], string[]] = [[], []];
  let last = "its time";
  for (let now = 0; now < horizonMs; ) {
    const stage = migration.stages[state.stage];
    if (stage === undefined) break;
    const judgement = engine.step(world(now, now + tickMs, state.stage, shareOfStage(stage)), "outcome");
    now += tickMs;
    const decision = decide(migration, state, judgement, now);
    if (decision.kind === "rollback") return { hours, heldBy, rolledBack: decision.rule, pausedFor: state.pausedFor };
    if (decision.kind === "pause") state = { ...state, pausedFor: [...state.pausedFor, decision.rule] };
    if (decision.kind === "page")
      state = { ...state, pagedFor: [...state.pagedFor, decision.topic ?? decision.reason] };
    const open = judgement.verdicts
      .filter(({ rule, outcome }) => outcome !== "clear" && (stage.gate?.includes(rule) ?? true))
      .toSorted((a, b) => a.evidence.logEPass - b.evidence.logEPass)[0];
    if (now - state.stageSince >= stage.forMs && open !== undefined) last = open.rule;
    if (decision.kind !== "advance") continue;
    hours.push((now - state.stageSince) / HOUR_MS);
    heldBy.push(last);
    last = "its time";
    state = { ...state, stage: state.stage + 1, stageSince: now };
  }
  return { hours, heldBy: [...heldBy, last], rolledBack: null, pausedFor: state.pausedFor };
};
