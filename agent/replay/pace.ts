/** What a pace measures time by; times are monotonic ms. */
export interface PaceClock {
  readonly now: () => number;
  /** Resolves after `ms`, or as soon as `ending` is aborted. */
  readonly sleep: (ms: number, ending: AbortSignal) => Promise<void>;
}

/** How fast a provider is asked: as fast as it takes it, and no faster. */
export interface Pace {
  /** Resolves when the next question may be asked; false once `ending` is aborted. */
  readonly turn: (ending: AbortSignal) => Promise<boolean>;
  /** A question was answered. */
  readonly answered: () => void;
  /** One that was asked at `askedAt` was refused for its number; `waitMs` is the wait that was asked for, null = none was. */
  readonly refused: (askedAt: number, waitMs: number | null) => void;
  /** Questions a second that are asked at most by now; null = nothing was refused yet. */
  readonly rate: () => number | null;
}

/** Answers of so long, or as many at a slow pace, say what a provider takes; of less than a second nothing does. */
const WINDOW_MS = 5_000;
const WINDOW_ANSWERS = 20;
const LEAST_MS = 1_000;
/** What is kept of what was taken when something was refused; and of the rate at least, as a moment may say too little. */
const KEPT = 0.92;
const LEAST_KEPT = 0.5;
/**
 * How a rate grows while nothing is refused, a second: quickly until the second refusal, as the first tells of a burst rather than of a
 * rate; then slowly; and faster again after so long, when the limit is not what it was.
 */
const FIRST_GROWTH = 1.3;
const GROWTH = 1.01;
const FAST_GROWTH = 1.1;
const FAST_AFTER_MS = 20_000;
/** The slowest pace, questions a second; and after the first refusal, when little is known. */
const SLOWEST = 1 / 60;
const FIRST_SLOWEST = 1;
/** The wait after a refusal that asks for none, ms: doubles with each one in a row. */
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 60_000;
/** The longest wait that is granted, ms. */
const LONGEST_ASKED_MS = 3_600_000;

/**
 * A pace that begins without a limit, but for `perSecond` (null = none). The first refusal sets it to what was answered of late,
 * each further one to a little less; from there it creeps up. Refusals of questions that were asked before the last cut say nothing
 * new.
 */
export const createPace = ({ now, sleep }: PaceClock, perSecond: number | null): Pace => {
  const started = now();
  const answers: number[] = [];
  let rate = perSecond;
  let [nextAt, pausedFrom, pausedUntil] = [started, started, started];
  let [cutAt, grownAt] = [Number.NEGATIVE_INFINITY, started];
  let [inARow, cuts] = [0, 0];

  /** Answers a second of late, over the time in which questions were asked. */
  const taken = (at: number): number => {
    const window = Math.max(WINDOW_MS, (1000 * WINDOW_ANSWERS) / (rate ?? Number.POSITIVE_INFINITY));
    const from = Math.max(started, at - window);
    while (answers[0] !== undefined && answers[0] < from) answers.shift();
    const paused = Math.max(0, Math.min(at, pausedUntil) - Math.max(from, pausedFrom));
    return (1000 * answers.length) / Math.max(LEAST_MS, at - from - paused);
  };

  const grow = (at: number): void => {
    const from = Math.max(grownAt, pausedUntil);
    grownAt = Math.max(grownAt, at);
    if (rate === null || cuts === 0 || at <= from) return;
    const late = at - cutAt > FAST_AFTER_MS ? FAST_GROWTH : GROWTH;
    const factor = cuts === 1 ? FIRST_GROWTH : late;
    rate = Math.min(perSecond ?? Number.POSITIVE_INFINITY, rate * factor ** ((at - from) / 1000));
  };

  const cut = (at: number): void => {
    const was = rate ?? Number.POSITIVE_INFINITY;
    const least = cuts === 0 ? FIRST_SLOWEST : was * LEAST_KEPT;
    rate = Math.max(SLOWEST, KEPT * Math.min(was, Math.max(taken(at), least)));
    cutAt = at;
    cuts += 1;
  };

  return {
    turn: async (ending) => {
      while (!ending.aborted) {
        const at = now();
        grow(at);
        const due = rate === null ? pausedUntil : Math.max(pausedUntil, nextAt);
        if (due > at) {
          await sleep(due - at, ending);
          continue;
        }
        if (rate !== null) nextAt = Math.max(nextAt, at - 1000 / rate) + 1000 / rate;
        return true;
      }
      return false;
    },
    answered: () => {
      answers.push(now());
      inARow = 0;
    },
    refused: (askedAt, waitMs) => {
      const at = now();
      const isNews = askedAt > cutAt;
      if (isNews) {
        cut(at);
        inARow += 1;
      }
      const own = isNews ? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(inARow - 1, 10)) : 0;
      if (at >= pausedUntil) pausedFrom = at;
      pausedUntil = Math.max(pausedUntil, at + Math.min(LONGEST_ASKED_MS, waitMs ?? own));
      nextAt = Math.max(nextAt, pausedUntil);
    },
    rate: () => rate,
  };
};
