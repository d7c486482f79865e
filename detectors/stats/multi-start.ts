import { GRID_SIZE, type GridVector, gridVector } from "./grid.ts";
import { lae } from "./log-space.ts";
import { mixture } from "./one-sample.ts";

/** Restarts are budgeted over this many hours (14 days); none is added later. */
export const HORIZON_HOURS = 336;

/**
 * Wealth that rides on a regression from the start; the rest waits for later hours. 0.8 instead of a half finds the
 * commonest regressions with 7% fewer calls, and those of day five with 8% more (docs/statistics.md, measured).
 */
const FIRST_SHARE = 0.8;
const LATER_SHARE = 1 - FIRST_SHARE;
const FIRST_START = Math.log(FIRST_SHARE);
const HOURLY_START = Math.log(LATER_SHARE / HORIZON_HOURS);
const HOUR_MS = 3_600_000;

/**
 * Log-weight with which new alternatives start in the tick that begins at `from`, of a process whose first tick began
 * at `origin` and whose previous tick began at `previous` (null: this is the first). Times are epoch ms. Weights sum
 * to at most 1, so the false-alarm bound holds over the horizon.
 */
export const startWeight = (origin: number, previous: number | null, from: number): number => {
  if (previous === null) return FIRST_START;
  const hour = Math.floor((from - origin) / HOUR_MS);
  const isNewHour = hour > Math.floor((previous - origin) / HOUR_MS);
  return isNewHour && hour <= HORIZON_HOURS ? HOURLY_START : Number.NEGATIVE_INFINITY;
};

/** Hours of the horizon's end that a restart spends at once. */
const RESTART_HOURS = 48;
const RESTART = Math.log((LATER_SHARE * RESTART_HOURS) / HORIZON_HOURS);

/** When alternatives of one process start, and with what weight. */
export interface Starts {
  /** Log-weight of those that start in the tick that begins at `from`; `isRestart`: the arms are not what they were. */
  readonly weight: (from: number, isRestart: boolean) => number;
}

/**
 * The starts of a process whose first tick begins at `origin`. A restart adds alternatives with the weight of the last
 * two days of hourly starts, which then fall away: the weights still sum to at most 1, so that history that begins anew
 * does not come with a new alpha. Without two days left it adds none. What was won before stays.
 */
export const createStarts = (origin: number): Starts => {
  let previous: number | null = null;
  let horizon = HORIZON_HOURS;
  return {
    weight: (from, isRestart) => {
      const hour = Math.floor((from - origin) / HOUR_MS);
      const regular = hour > horizon ? Number.NEGATIVE_INFINITY : startWeight(origin, previous, from);
      const spends = isRestart && previous !== null && hour + RESTART_HOURS <= horizon;
      previous = from;
      if (!spends) return regular;
      horizon -= RESTART_HOURS;
      return lae(regular, RESTART);
    },
  };
};

/** Wealth of a process that keeps starting afresh; without that a regression on day five stays unseen for days. */
export interface MultiStart {
  /** Adds one tick: M_k = lae(M_k, logWeight) + increments_k. */
  readonly step: (increments: GridVector, logWeight: number) => void;
  /** Log e-value now; -Infinity before the first tick. */
  readonly logE: () => number;
}

/** A multi-start process without wealth. Source: docs/statistics.md, multi-start. */
export const createMultiStart = (): MultiStart => {
  const wealth = gridVector(Number.NEGATIVE_INFINITY);
  return {
    step: (increments, logWeight) => {
      for (let k = 0; k < GRID_SIZE; k++) {
        wealth[k] = lae(wealth[k] ?? Number.NEGATIVE_INFINITY, logWeight) + (increments[k] ?? 0);
      }
    },
    logE: () => mixture(wealth),
  };
};
