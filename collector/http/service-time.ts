/** A body on its way to being decoded. */
export interface Served {
  /** It is here, of so many bytes, and waits to be decoded. */
  readonly arrived: (bytes: number) => void;
  readonly decoded: () => void;
  /** It has left; when it was not decoded before, nothing is learnt from it. */
  readonly end: () => void;
}

/** How long bodies take that are decoded one after the other. */
export interface ServiceTime {
  /** A body is to come. */
  readonly begin: () => Served;
  /** How long those that have arrived will take, ms, as measured lately; 0 before anything was. */
  readonly waitMs: () => number;
  /** How long one takes, on average, ms; 0 before anything was measured. */
  readonly usualMs: () => number;
}

/** What a body costs beside its bytes: the request around it. */
const BYTES_OF_A_REQUEST = 16_384;
/** What was measured counts half after this many bodies: enough to be smooth, few enough to follow what changes. */
const MEMORY = 0.5 ** (1 / 16);
/** Who stops a process for a minute has not made bodies dear. */
const LONGEST_MS = 1_000;

/**
 * Measures from the end of one body to the end of the next, while any is under way: that is what a body takes with
 * everything else the loop is busy with, however its decoding is cut into turns. `busy` is how long the loop has been at
 * work, ms: a body that comes in slowly keeps nobody waiting.
 */
export const createServiceTime = (busy: () => number): ServiceTime => {
  const measured = { ms: 0, bytes: 0, bodies: 0 };
  let [underWay, waitingBytes, since] = [0, 0, 0];

  const learn = (bytes: number): void => {
    measured.ms = measured.ms * MEMORY + Math.min(busy() - since, LONGEST_MS);
    measured.bytes = measured.bytes * MEMORY + bytes;
    measured.bodies = measured.bodies * MEMORY + 1;
    since = busy();
  };
  return {
    begin: () => {
      let cost = 0;
      let isHere = true;
      if (underWay === 0) since = busy();
      underWay += 1;
      const end = (): void => {
        if (!isHere) return;
        isHere = false;
        underWay -= 1;
        waitingBytes -= cost;
      };
      return {
        arrived: (bytes) => {
          cost = bytes + BYTES_OF_A_REQUEST;
          waitingBytes += cost;
        },
        decoded: () => {
          if (isHere) learn(cost);
          end();
        },
        end,
      };
    },
    waitMs: () => (measured.bytes === 0 ? 0 : (waitingBytes * measured.ms) / measured.bytes),
    usualMs: () => (measured.bodies === 0 ? 0 : measured.ms / measured.bodies),
  };
};
