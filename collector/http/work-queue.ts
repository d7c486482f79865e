/** Bodies that have been read, waiting to be decoded and made rows of. */
export interface WorkQueue {
  /** Runs `work` when its turn comes. What it waits for (the disk) keeps no other from its turn. */
  readonly run: <T>(work: () => Promise<T>) => Promise<T>;
}

/** What a queue needs. */
export interface WorkQueueCollaborators {
  /** Monotonic, ms. */
  readonly tick: () => number;
  /** Resolves when nobody is under way who comes before ingest; never rejects. */
  readonly clear: () => Promise<void>;
}

/** Short beside what anybody waits for, long beside what a round of the loop costs. */
const TURN_MS = 8;

/**
 * Gives the bodies their turns: in each round of the loop as many as begin within `turnMs`, at least one, and then
 * everything else that waits for the loop. However many bodies arrive at once, a command waits for a few of them, not for
 * all. Before a turn `clear` is waited for: others who come first.
 */
export const createWorkQueue = ({ tick, clear }: WorkQueueCollaborators, turnMs: number = TURN_MS): WorkQueue => {
  const waiting: (() => void)[] = [];
  let isWorking = false;

  const turn = async (): Promise<void> => {
    await clear();
    const until = tick() + turnMs;
    do waiting.shift()?.();
    while (waiting.length > 0 && tick() < until);
    // what the work goes on with until it waits for the disk has run by then
    setImmediate(() => {
      isWorking = waiting.length > 0;
      if (isWorking) void turn();
    });
  };
  return {
    run: (work) =>
      new Promise((resolve) => {
        waiting.push(() => resolve((async () => work())()));
        if (!isWorking) setImmediate(() => void turn());
        isWorking = true;
      }),
  };
};
