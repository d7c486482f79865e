import { GRID_SIZE, type GridVector, gridVector } from "./grid.ts";
import { lae } from "./log-space.ts";
import { mixture } from "./one-sample.ts";

/** Restarts are budgeted over this many hours (14 days); none is added later. */
export const HORIZON_HOURS = 336;

const FIRST_START = Math.log(0.5);
const HOURLY_START = Math.log(0.5 / HORIZON_HOURS);
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
