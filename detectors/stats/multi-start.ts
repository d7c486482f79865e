import { FORTNIGHT_HOURS, fortnightOf, fortnightPart } from "./fortnights.ts";
import { EVEN_WEIGHTS, GRID_SIZE, type GridVector, gridVector } from "./grid.ts";
import { LEAST_LOG_E, lae } from "./log-space.ts";
import { weightedMixture } from "./one-sample.ts";
import { told } from "./tempered.ts";

/**
 * Wealth that rides on a regression from the start; the rest waits for later hours. 0.8 instead of a half finds the
 * commonest regressions with 7% fewer calls, and those of day five with 8% more (docs/statistics.md, measured).
 */
const FIRST_SHARE = 0.8;
const LATER_SHARE = 1 - FIRST_SHARE;
const FIRST_START = Math.log(FIRST_SHARE);
const HOUR_MS = 3_600_000;

/** Weight of an hour's start. What comes after the first hour is number 0 of these. */
const hourlyWeight = (fortnight: number): number => (LATER_SHARE * fortnightPart(fortnight)) / FORTNIGHT_HOURS;

/** The fortnight in which the start at full hour `hour`, 1 or more, is. */
const fortnightOfStart = (hour: number): number => fortnightOf(hour - 1);

/**
 * Log-weight with which new alternatives start in the tick that begins at `from`, of a process whose first tick began
 * at `origin` and whose previous tick began at `previous` (null: this is the first). Times are epoch ms. Weights sum
 * to at most 1, so the false-alarm bound holds however long it goes on.
 */
export const startWeight = (origin: number, previous: number | null, from: number): number => {
  if (previous === null) return FIRST_START;
  const hour = Math.floor((from - origin) / HOUR_MS);
  const isNewHour = hour > Math.floor((previous - origin) / HOUR_MS);
  return isNewHour && hour > 0 ? Math.log(hourlyWeight(fortnightOfStart(hour))) : Number.NEGATIVE_INFINITY;
};

/** Hours of a fortnight's end that a restart spends at once. */
const RESTART_HOURS = 48;

/** When alternatives of one process start, and with what weight. */
export interface Starts {
  /** Log-weight of those that start in the tick that begins at `from`; `isRestart`: the arms are not what they were. */
  readonly weight: (from: number, isRestart: boolean) => number;
}

/**
 * The starts of a process whose first tick begins at `origin`. A restart adds alternatives with the weight of the last
 * two days of hourly starts of these 14 days, which then fall away: the weights still sum to at most 1, so that history that
 * begins anew does not come with a new alpha. Where no two days are left of them it takes those of the next 14. What was won
 * before stays.
 */
export const createStarts = (origin: number): Starts => {
  let previous: number | null = null;
  /** The last hour with a start of its own, of each fortnight that restarts took some from. */
  const ends = new Map<number, number>();
  const endOf = (fortnight: number): number => ends.get(fortnight) ?? (fortnight + 1) * FORTNIGHT_HOURS;
  /** Takes two days that are still to come, and hands back their weight. */
  const spend = (hour: number): number => {
    let fortnight = fortnightOfStart(Math.max(1, hour));
    while (Math.max(hour, fortnight * FORTNIGHT_HOURS) + RESTART_HOURS > endOf(fortnight)) fortnight += 1;
    ends.set(fortnight, endOf(fortnight) - RESTART_HOURS);
    return Math.log(RESTART_HOURS * hourlyWeight(fortnight));
  };
  return {
    weight: (from, isRestart) => {
      const hour = Math.floor((from - origin) / HOUR_MS);
      const isSpent = hour > 0 && hour > endOf(fortnightOfStart(hour));
      const regular = isSpent ? Number.NEGATIVE_INFINITY : startWeight(origin, previous, from);
      const spends = isRestart && previous !== null;
      previous = from;
      return spends ? lae(regular, spend(hour)) : regular;
    },
  };
};

/** How much the calls behind a tick's increments count. */
export interface Tempering {
  /** Calls of the tick, of both arms. */
  readonly calls: number;
  /** Design effect of evidence that rests on so many calls: 1 or more. */
  readonly effectAfter: (calls: number) => number;
}

const INDEPENDENT: Tempering = { calls: 0, effectAfter: () => 1 };

/** Wealth of a process that keeps starting afresh; without that a regression on day five stays unseen for days. */
export interface MultiStart {
  /**
   * Adds one tick: M_k = lae(M_k, logWeight) + increments_k / d. Where d has grown since, what was won before is taken to
   * the power of d before / d now: a power of at most 1 keeps an e-value valid (Jensen), and the whole then counts as the
   * whole of its calls does.
   */
  readonly step: (increments: GridVector, logWeight: number, tempering?: Tempering) => void;
  /** Log e-value now; -Infinity before anything started, LEAST_LOG_E when all that did was lost. */
  readonly logE: () => number;
}

/** A multi-start process without wealth; `weights` are those of its alternatives. Source: docs/statistics.md, multi-start. */
export const createMultiStart = (weights: GridVector = EVEN_WEIGHTS): MultiStart => {
  const wealth = gridVector(Number.NEGATIVE_INFINITY);
  let hasStarted = false;
  // Calls since most of the wealth started, and the largest effect it was tempered with.
  const [ages, tempered] = [gridVector(0), gridVector(1)];
  const stepOne = (k: number, increment: number, logWeight: number, { calls, effectAfter }: Tempering): void => {
    const before = wealth[k] ?? Number.NEGATIVE_INFINITY;
    // Mostly nothing starts, and all that there was is kept.
    const starts = logWeight > Number.NEGATIVE_INFINITY;
    const joined = starts ? lae(before, logWeight) : before;
    const kept = joined === Number.NEGATIVE_INFINITY ? 0 : starts ? Math.exp(before - joined) : 1;
    const age = (ages[k] ?? 0) * kept + calls;
    const effect = effectAfter(age);
    const was = 1 + ((tempered[k] ?? 1) - 1) * kept;
    ages[k] = age;
    tempered[k] = Math.max(was, effect);
    wealth[k] = (joined > 0 && effect > was ? (joined * was) / effect : joined) + told(increment / effect);
  };
  return {
    step: (increments, logWeight, tempering = INDEPENDENT) => {
      hasStarted ||= logWeight > Number.NEGATIVE_INFINITY;
      for (let k = 0; k < GRID_SIZE; k++) stepOne(k, increments[k] ?? 0, logWeight, tempering);
    },
    logE: () => (hasStarted ? Math.max(LEAST_LOG_E, weightedMixture(wealth, weights)) : Number.NEGATIVE_INFINITY),
  };
};
