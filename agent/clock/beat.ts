/** Something that beats each second until it is stopped. */
export interface Beat {
  readonly stop: () => void;
}

const SECOND_MS = 1_000;

/** Seconds that passed without a beat and are handed over late; what lies longer back is not made up for. */
const MAX_SECONDS = 120;

/**
 * Calls `each` when a second of `now` begins, with every second (epoch ms, oldest first) that began since the last call.
 * Its timer counts elapsed time, so that a clock that is set neither silences nor hurries it: what lies ahead of a clock
 * that went back is not waited for, and of a clock that leapt only the newest two minutes are made up for.
 */
export const startBeat = (now: () => number, each: (seconds: readonly number[]) => void): Beat => {
  const secondOf = (time: number): number => Math.floor(time / SECOND_MS) * SECOND_MS;
  let last = secondOf(now());
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    timer = setTimeout(beat, SECOND_MS - (now() % SECOND_MS));
  };
  const beat = (): void => {
    const current = secondOf(now());
    const missed = Math.min(MAX_SECONDS, (current - last) / SECOND_MS);
    const seconds = Array.from({ length: Math.max(0, missed) }, (_, i) => current - (missed - 1 - i) * SECOND_MS);
    last = current;
    wait();
    if (seconds.length > 0) each(seconds);
  };
  wait();
  return { stop: () => clearTimeout(timer) };
};
