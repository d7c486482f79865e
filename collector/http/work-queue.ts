/** Bodies that have been read, waiting to be decoded. */
export interface WorkQueue {
  /** Runs `work`, whose body has `bytes`, when its turn comes. The next one's comes when it is done, or has failed. */
  readonly run: <T>(bytes: number, work: () => Promise<T>) => Promise<T>;
  /** How long the loop will take for the bodies that wait, ms, as measured lately; 0 before anything was. */
  readonly waitMs: () => number;
  /** How long it takes for a body, on average, ms; 0 before anything was measured. */
  readonly usualMs: () => number;
}

/** How turns are cut. */
export interface WorkQueueSettings {
  /** Small bodies share a turn of about this long. */
  readonly turnMs: number;
  /** Between two turns the queue rests for this part of the turn: what is left of the loop and the processor to others. */
  readonly restShare: number;
}

/** What a body costs beside its bytes: the request around it. */
const BYTES_OF_A_REQUEST = 16_384;
/** What was measured counts half after this many turns: enough to be smooth, few enough to follow what changes. */
const MEMORY = 0.5 ** (1 / 16);
/** Who stops a process for a minute has not made bodies dear. */
const LONGEST_TURN_MS = 1_000;

/** What was done in a turn. */
interface Share {
  readonly bytes: number;
  readonly bodies: number;
}

interface Waiting {
  readonly bytes: number;
  /** Resolves when its work has ended, however it did. */
  readonly start: () => Promise<void>;
}

/**
 * Gives the bodies their turns: one at a time, and between two of them everything else that waits for the loop gets its
 * own. However many bodies arrive at once, a command waits for one of them, not for all; and a large one gives the loop
 * free by itself now and then (see Turns). A turn lasts from its start to the next round of the loop, so what else the loop
 * has to do is in what a byte is measured to take. Before a turn `clear` is waited for, which never rejects: others who
 * come first.
 */
export const createWorkQueue = (
  { turnMs, restShare }: WorkQueueSettings,
  { elapsed, clear }: { readonly elapsed: () => number; readonly clear: () => Promise<void> },
): WorkQueue => {
  const waiting: Waiting[] = [];
  const measured = { ms: 0, bytes: 0, bodies: 0 };
  let waitingBytes = 0;
  let isWorking = false;

  const learn = (ms: number, { bytes, bodies }: Share): void => {
    measured.ms = measured.ms * MEMORY + ms;
    measured.bytes = measured.bytes * MEMORY + bytes;
    measured.bodies = measured.bodies * MEMORY + bodies;
  };
  const doSome = async (until: number): Promise<Share> => {
    const done = { bytes: 0, bodies: 0 };
    do {
      const next = waiting.shift();
      if (next === undefined) break;
      await next.start();
      waitingBytes -= next.bytes;
      done.bytes += next.bytes;
      done.bodies += 1;
    } while (elapsed() < until);
    return done;
  };
  const turn = async (): Promise<void> => {
    await clear();
    const began = elapsed();
    const done = await doSome(began + turnMs);
    // what the work goes on with until it waits for the disk has run by then
    setImmediate(() => {
      const rest = Math.min(elapsed() - began, LONGEST_TURN_MS) * restShare;
      learn(Math.min(elapsed() - began + rest, LONGEST_TURN_MS), done);
      isWorking = waiting.length > 0;
      if (isWorking) setTimeout(() => void turn(), rest);
    });
  };
  return {
    run: (bytes, work) =>
      new Promise((resolve) => {
        const cost = bytes + BYTES_OF_A_REQUEST;
        const start = (): Promise<void> => {
          const result = (async () => work())();
          resolve(result);
          return result.then(
            () => undefined,
            () => undefined,
          );
        };
        waiting.push({ bytes: cost, start });
        waitingBytes += cost;
        if (!isWorking) setImmediate(() => void turn());
        isWorking = true;
      }),
    waitMs: () => (measured.bytes === 0 ? 0 : (waitingBytes * measured.ms) / measured.bytes),
    usualMs: () => (measured.bodies === 0 ? 0 : measured.ms / measured.bodies),
  };
};
