import { setTimeout as delay } from "node:timers/promises";

/** What `answer` resolves to, or `late` after `ms`. Rejects as `answer` does; what comes after `ms` is ignored. */
export const withinOr = async <T, L>(ms: number, answer: Promise<T>, late: L): Promise<T | L> => {
  const answered = new AbortController();
  // Aborting rejects the timer's promise, which by then nobody waits for.
  const timeout = delay(ms, late, { signal: answered.signal }).catch((): L => late);
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    answered.abort();
  }
};
