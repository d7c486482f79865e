import { type Audience, sameAudience } from "../../core/audience.ts";
import type { Migration, Stage } from "../../core/migration.ts";
import type { Tick } from "../../core/sample.ts";
import type { Judgement } from "../../core/verdict.ts";
import { createEngine, type Engine } from "../../detectors/engine.ts";
import { LEARN_MS } from "../../detectors/plan.ts";
import { decide } from "../../lifecycle/decide.ts";
import { judgedAudience, shareOfStage } from "../../lifecycle/stages.ts";
import { type MigrationState, NOT_STARTED } from "../../lifecycle/state.ts";

/** Makes up the calls of the next tick, from where the last one ended. */
export type NextTick = (tick: Pick<Tick, "from" | "to" | "stage" | "share">) => Tick;

/** How one run of a candidate went through one stage. */
export interface StagePassage {
  /** How long it took, ms; null = it was still held when the search ended. */
  readonly tookMs: number | null;
  /** The rule that was the last to be clear after the stage's time was up; empty = its time alone. */
  readonly heldBy: string;
}

/** One run: its stages up to where it was rolled back, and what acted on it. */
export interface StagesRun {
  readonly passages: readonly StagePassage[];
  /** The rule that rolled it back; null = none did. */
  readonly rolledBack: string | null;
  /** Rules that paused it, in their order. */
  readonly pausedFor: readonly string[];
  readonly ticks: number;
}

/** How fine the looks are, and for how long a stage is waited for. */
export interface Pace {
  /** Length of the next tick of a stage of this age, ms. */
  readonly tickMs: (stage: Stage, age: number) => number;
  /** From when on a stage that is held is left all the same, ms since it began. */
  readonly searchMs: (stage: Stage) => number;
}

/** The rule that is farthest from clear; empty where all are. */
const farthest = ({ verdicts }: Judgement, { gate }: Stage): string =>
  verdicts
    .filter(({ outcome, rule }) => outcome !== "clear" && (gate?.includes(rule) ?? true))
    .toSorted((a, b) => a.evidence.logEPass - b.evidence.logEPass)[0]?.rule ?? "";

/** A tick is never longer than what is left of the stage's time: what ends by its time alone ends on time. */
const endOf = (from: number, length: number, timeIsUp: number): number =>
  from < timeIsUp ? Math.min(from + length, timeIsUp) : from + length;

/** Hours at which no stage ends, and people who are waited for, are on top of what is foreseen. */
const withoutWaiting = (migration: Migration): Migration => ({
  ...migration,
  not: [],
  stages: migration.stages.map((stage) => ({ ...stage, approval: false })),
});

/**
 * One migration through all its stages, by the shipped engine and `decide` on calls that are made up: after the hour of the baseline
 * that the engine learns from. No approval is waited for, and a pause is taken for looked at and resumed.
 */
export const walkStages = (written: Migration, nextTick: NextTick, pace: Pace): StagesRun => {
  const migration = withoutWaiting(written);
  const begun = (stage: number, at: number): Engine => {
    const engine = createEngine(migration);
    engine.learn(nextTick({ from: at - LEARN_MS, to: at, stage, share: 0 }));
    return engine;
  };
  let engine = begun(0, 0);
  let state: MigrationState = { ...NOT_STARTED, hash: migration.hash, startedWith: migration.hash };
  const passages: StagePassage[] = [];
  let [now, ticks, heldBy] = [0, 0, ""];
  const leave = (tookMs: number | null): void => {
    passages.push({ tookMs, heldBy });
    const next = state.stage + 1;
    const audienceAt = (index: number): Audience | null => judgedAudience(migration.stages, index);
    // Other people are judged anew, as by the agent.
    if (!sameAudience(audienceAt(state.stage), audienceAt(next))) engine = begun(next, now);
    state = { ...state, stage: next, stageSince: now };
    heldBy = "";
  };
  const runOf = (rolledBack: string | null): StagesRun => ({ passages, rolledBack, pausedFor: state.pausedFor, ticks });
  for (let stage = migration.stages[0]; stage !== undefined; stage = migration.stages[state.stage]) {
    const share = shareOfStage(stage);
    const timeIsUp = state.stageSince + stage.forMs;
    const to = endOf(now, pace.tickMs(stage, now - state.stageSince), timeIsUp);
    const judgement = engine.step(nextTick({ from: now, to, stage: state.stage, share }), "outcome");
    now = to;
    ticks += 1;
    const decision = decide(migration, state, judgement, now);
    if (decision.kind === "rollback") return runOf(decision.rule);
    if (decision.kind === "pause") state = { ...state, pausedFor: [...state.pausedFor, decision.rule] };
    if (decision.kind === "page")
      state = { ...state, pagedFor: [...state.pagedFor, decision.topic ?? decision.reason] };
    if (now >= timeIsUp) heldBy = farthest(judgement, stage) || heldBy;
    const isEnded = decision.kind === "advance";
    // Where nobody meets the candidate there is nothing to prove by the calls of both arms.
    if (isEnded || (share === 0 && now >= timeIsUp)) leave(now - state.stageSince);
    else if (now - state.stageSince >= pace.searchMs(stage)) leave(null);
  }
  return runOf(null);
};
