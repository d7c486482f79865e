/**
 * Shares the event loop among requests that are being worked on: one works at a time, so that none holds the loop for long
 * and neither do all of them together. What only waits needs no turn.
 */
export interface Turns {
  /** Resolves when it is one's turn, in the order in which they asked. Until `release` nobody else has one. */
  readonly take: () => Promise<void>;
  /** Ends a turn. To be called before anything is waited for. */
  readonly release: () => void;
  /** True when this round of the loop has been worked in for long enough. Cheap: to be asked after every piece of work. */
  readonly isOver: () => boolean;
}

/** Short beside what anybody waits for, long beside what a round costs. */
const ROUND_MS = 8;

/** What turns need. */
export interface TurnsCollaborators {
  /** Milliseconds since any moment, by a clock that never jumps. */
  readonly elapsed: () => number;
  /** Resolves when nobody is under way who comes before; never rejects. Default: nobody ever is. */
  readonly clear?: () => Promise<void>;
}

/**
 * Creates them. In each round of the event loop work goes on for at most `roundMs` and one piece of work more; before it
 * begins `clear` is waited for, so that even a large body lets a command go first.
 */
export const createTurns = ({ elapsed, clear }: TurnsCollaborators, roundMs: number = ROUND_MS): Turns => {
  const waiting: (() => void)[] = [];
  let [isTaken, isBeginning] = [false, false];
  /** When work began in this round of the loop; null = nobody has worked in it. */
  let begunAt: number | null = null;

  const isOver = (): boolean => begunAt !== null && elapsed() - begunAt >= roundMs;
  const begin = (): void => {
    begunAt = elapsed();
    setImmediate(endRound);
  };
  const beginWhenClear = async (first: () => Promise<void>): Promise<void> => {
    isBeginning = true;
    await first();
    isBeginning = false;
    begin();
    grant();
  };
  const grant = (): void => {
    if (isTaken || isBeginning || waiting.length === 0 || isOver()) return;
    if (begunAt === null && clear !== undefined) return void beginWhenClear(clear);
    if (begunAt === null) begin();
    isTaken = true;
    waiting.shift()?.();
  };
  const endRound = (): void => {
    begunAt = null;
    grant();
  };

  return {
    isOver,
    take: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        grant();
      }),
    release() {
      isTaken = false;
      grant();
    },
  };
};

/**
 * Works through `work`, which yields between small pieces of it, in turns. What it yields goes to `use`. Resolves with its
 * result.
 */
export const inTurns = async <Each, Result>(
  turns: Turns,
  work: Iterator<Each, Result>,
  use: (each: Each) => void = () => undefined,
): Promise<Result> => {
  await turns.take();
  try {
    for (let step = work.next(); ; step = work.next()) {
      if (step.done === true) return step.value;
      use(step.value);
      if (!turns.isOver()) continue;
      turns.release();
      await turns.take();
    }
  } finally {
    turns.release();
  }
};
