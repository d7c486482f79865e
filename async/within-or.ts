/**
 * What `answer` resolves to, or `late` after `ms`; the timer holds the process open until then. Rejects as `answer` does;
 * what comes after `ms` is ignored, a rejection too.
 */
export const withinOr = async <T, L>(ms: number, answer: Promise<T>, late: L): Promise<T | L> => {
  const { promise: patience, resolve } = Promise.withResolvers<L>();
  const timer = setTimeout(() => resolve(late), ms);
  try {
    return await Promise.race([answer, patience]);
  } finally {
    clearTimeout(timer);
  }
};
