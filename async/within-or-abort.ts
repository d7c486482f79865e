import { withinOr } from "./within-or.ts";

const LATE: unique symbol = Symbol("no answer in time");

/**
 * What `work` resolves to, or `late` after `ms`; then its signal is aborted as well, so that it can let go of what it
 * holds. It is not waited for if it does not. Rejects as `work` does before that, also where it throws at once.
 */
export const withinOrAbort = async <T, L>(
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  late: L,
): Promise<T | L> => {
  const controller = new AbortController();
  const found = await withinOr(ms, work(controller.signal), LATE);
  if (found !== LATE) return found;
  controller.abort();
  return late;
};
