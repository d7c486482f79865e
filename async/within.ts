import { withinOr } from "./within-or.ts";

const LATE: unique symbol = Symbol("no answer in time");

/** What `answer` resolves to; rejects with `late()` after `ms`, else as `answer` does. */
export const within = async <T>(ms: number, answer: Promise<T>, late: () => Error): Promise<T> => {
  const found = await withinOr(ms, answer, LATE);
  if (found === LATE) throw late();
  return found;
};
