import type { Migration, Stage } from "../../core/migration.ts";
import { DAY_MS } from "../../core/retention.ts";
import { seededRandom } from "../../core/seeded-random.ts";
import { shareOfStage } from "../../lifecycle/stages.ts";
import type { AssumedSignal } from "./assumed-signals.ts";
import { type AssumedTraffic, createAssumedTraffic } from "./assumed-traffic.ts";
import { partOfStage } from "./part-of-stage.ts";
import { type StagesRun, walkStages } from "./walk-stages.ts";

const MINUTE_MS = 60_000;
/** The search in a stage ends after so many times its `for`, at a quarter of a year at the latest. */
export const TIMES = 10;
const MOST_MS = 91 * DAY_MS;
/** Calls of the smaller arm in a tick, and how many ticks a stage's time has at least. */
const CALLS_A_TICK = 30;
const TICKS_A_STAGE = 10;
/** A tick is at least this part of the stage's age: what is told of it is as coarse as that. */
const OF_AGE = 1 / 10;

/** Until when a stage is waited for, ms since it began. */
export const searchMs = (forMs: number): number =>
  Math.max(forMs, Math.min(MOST_MS, Math.max(TIMES * forMs, MINUTE_MS)));

const tickMs = (stage: Stage, age: number, { callsPerDay }: AssumedTraffic): number => {
  const share = shareOfStage(stage);
  const smaller = Math.max(1e-6, Math.min(share, 1 - share)) * callsPerDay * partOfStage(stage);
  const enough = (CALLS_A_TICK / smaller) * DAY_MS;
  const short = Math.min(enough, Math.max(stage.forMs, MINUTE_MS) / TICKS_A_STAGE);
  return Math.max(MINUTE_MS, short, age * OF_AGE);
};

/** How one simulation differs from that of a healthy candidate which is waited for as long as a search takes. */
export interface SimulationChanges {
  /** What the calls are like; default: a healthy candidate's. */
  readonly signals?: readonly AssumedSignal[];
  /** No stage is waited for beyond its time; default: for `searchMs`. */
  readonly inTimeOnly?: boolean;
}

/**
 * One migration through all its stages on assumed calls; a stage that is held to the end of the search is left all the same, so that
 * the later ones are known too. Reproducible from the seed.
 */
export const simulateStages = (
  migration: Migration,
  traffic: AssumedTraffic,
  seed: number,
  { signals, inTimeOnly = false }: SimulationChanges = {},
): StagesRun =>
  walkStages(migration, createAssumedTraffic(seededRandom(seed), migration, traffic, signals), {
    tickMs: (stage, age) => tickMs(stage, age, traffic),
    searchMs: ({ forMs }) => (inTimeOnly ? forMs : searchMs(forMs)),
  });
