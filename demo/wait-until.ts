import { setTimeout as wait } from "node:timers/promises";

const PAUSE_MS = 100;

/** Asks `question` until its answer is not null, or `timeoutMs` have passed: then null. */
export const waitUntil = async <T>(
  question: () => T | null | Promise<T | null>,
  timeoutMs: number,
): Promise<T | null> => {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await question();
    if (answer !== null) return answer;
    if (performance.now() >= deadline) return null;
    await wait(PAUSE_MS);
  }
};
