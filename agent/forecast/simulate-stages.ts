import type { Migration, Stage } from "../../core/migration.ts";
import { seededRandom } from "../../core/seeded-random.ts";
import type { Judgement } from "../../core/verdict.ts";
import { createEngine } from "../../detectors/engine.ts";
import { LEARN_MS } from "../../detectors/plan.ts";
import { decide } from "../../lifecycle/decide.ts";
import { shareOfStage } from "../../lifecycle/stages.ts";
import { type MigrationState, NOT_STARTED } from "../../lifecycle/state.ts";
import { type AssumedTraffic, createAssumedTraffic } from "./assumed-traffic.ts";

/** How one run of a healthy candidate went through one stage. */
export interface StagePassage {
  /** How long it took, ms; null = it was still held when the search ended. */
  readonly tookMs: number | null;
  /** The rule that was the last to be clear after the stage's time was up; empty = its time alone. */
  readonly heldBy: string;
}

/** One run: its stages up to where it was rolled back, and whether it was. */
export interface StagesRun {
  readonly passages: readonly StagePassage[];
  readonly rolledBack: boolean;
  readonly ticks: number;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** The search in a stage ends after so many times its `for`, at a quarter of a year at the latest. */
export const TIMES = 10;
const MOST_MS = 91 * DAY_MS;
/** Calls of the smaller arm in a tick, and how many ticks a stage's time has at least. */
const CALLS_A_TICK = 20;
const TICKS_A_STAGE = 10;
/** A tick is at least this part of the stage's age: what is told of it is as coarse as that. */
const OF_AGE = 1 / 15;

/** Until when a stage is waited for, ms since it began. */
export const searchMs = (forMs: number): number =>
  Math.max(forMs, Math.min(MOST_MS, Math.max(TIMES * forMs, MINUTE_MS)));

const tickMs = (share: number, forMs: number, age: number, { callsPerDay }: AssumedTraffic): number => {
  const smaller = Math.max(1e-6, Math.min(share, 1 - share)) * callsPerDay;
  const enough = (CALLS_A_TICK / smaller) * DAY_MS;
  const short = Math.min(enough, Math.max(forMs, MINUTE_MS) / TICKS_A_STAGE);
  return Math.max(MINUTE_MS, short, age * OF_AGE);
};

/** The rule that is farthest from clear; empty where all are. */
const farthest = ({ verdicts }: Judgement, { gate }: Stage): string =>
  verdicts
    .filter(({ outcome, rule }) => outcome !== "clear" && (gate?.includes(rule) ?? true))
    .toSorted((a, b) => a.evidence.logEPass - b.evidence.logEPass)[0]?.rule ?? "";

/** A tick is never longer than what is left of the stage's time: what ends by its time alone ends on time. */
const endOf = (from: number, length: number, timeIsUp: number): number =>
  from < timeIsUp ? Math.min(from + length, timeIsUp) : from + length;

/**
 * One healthy migration through all its stages, by the shipped engine and `decide`: no approval is waited for, a pause is taken for
 * looked at and resumed, and a stage that is held to the end of the search is left all the same, so that the later
 * ones are known too. Reproducible from the seed.
 */
export const simulateStages = (written: Migration, traffic: AssumedTraffic, seed: number): StagesRun => {
  // Hours at which no stage ends are on top of it.
  const migration: Migration = {
    ...written,
    not: [],
    stages: written.stages.map((stage) => ({ ...stage, approval: false })),
  };
  const random = seededRandom(seed);
  const nextTick = createAssumedTraffic(random, migration, traffic);
  const engine = createEngine(migration);
  engine.learn(nextTick({ from: -LEARN_MS, to: 0, stage: 0, share: 0 }));
  let state: MigrationState = { ...NOT_STARTED, hash: migration.hash, startedWith: migration.hash };
  const passages: StagePassage[] = [];
  let [now, ticks, heldBy] = [0, 0, ""];
  const leave = (tookMs: number | null): void => {
    passages.push({ tookMs, heldBy });
    state = { ...state, stage: state.stage + 1, stageSince: now };
    heldBy = "";
  };
  for (let stage = migration.stages[0]; stage !== undefined; stage = migration.stages[state.stage]) {
    const share = shareOfStage(stage);
    const timeIsUp = state.stageSince + stage.forMs;
    const to = endOf(now, tickMs(share, stage.forMs, now - state.stageSince, traffic), timeIsUp);
    const judgement = engine.step(nextTick({ from: now, to, stage: state.stage, share }), "outcome");
    now = to;
    ticks += 1;
    const decision = decide(migration, state, judgement, now);
    if (decision.kind === "rollback") return { passages, rolledBack: true, ticks };
    if (decision.kind === "pause") state = { ...state, pausedFor: [...state.pausedFor, decision.rule] };
    if (decision.kind === "page")
      state = { ...state, pagedFor: [...state.pagedFor, decision.topic ?? decision.reason] };
    if (now >= timeIsUp) heldBy = farthest(judgement, stage) || heldBy;
    if (decision.kind === "advance") leave(now - state.stageSince);
    // Where nobody meets the candidate there is nothing to prove by the calls of both arms.
    else if (share === 0 && now >= timeIsUp) leave(now - state.stageSince);
    else if (now - state.stageSince >= searchMs(stage.forMs)) leave(null);
  }
  return { passages, rolledBack: false, ticks };
};
