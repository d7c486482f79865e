/**
 * Shares the event loop among requests that are being worked on, so that none holds it for long and neither do all of
 * them together. What only awaits needs no turn.
 */
export interface Turns {
  /** True when whoever works now has worked long enough. Cheap: to be asked after every small piece of work. */
  readonly isOver: () => boolean;
  /** Resolves when it is one's turn: at once when the loop is free, else one after the other in the order they asked. */
  readonly next: () => Promise<void>;
}

/** Short beside what anybody waits for, long beside what a turn costs. */
const TURN_MS = 8;

/**
 * Creates them. `elapsed` is ms since any moment, by a clock that never jumps. In each round of the event loop work goes on
 * for at most `turnMs` and one piece of work more.
 */
export const createTurns = (elapsed: () => number, turnMs: number = TURN_MS): Turns => {
  const waiting: (() => void)[] = [];
  /** When work began in this round of the loop; null = nobody has worked in it. */
  let begunAt: number | null = null;

  const begin = (): void => {
    begunAt = elapsed();
    setImmediate(endRound);
  };
  const endRound = (): void => {
    begunAt = null;
    const first = waiting.shift();
    if (first === undefined) return;
    begin();
    first();
  };
  const isOver = (): boolean => begunAt !== null && elapsed() - begunAt >= turnMs;

  return {
    isOver,
    async next() {
      if (waiting.length > 0 || isOver()) return new Promise((resolve) => waiting.push(resolve));
      if (begunAt === null) begin();
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
  await turns.next();
  for (let step = work.next(); ; step = work.next()) {
    if (step.done === true) return step.value;
    use(step.value);
    if (turns.isOver()) await turns.next();
  }
};
