/**
 * Work done one after the other, in the order in which it was handed over: each piece begins when the one before has ended,
 * however it did. The result tells how its own piece ended.
 */
export const inTurn = (): (<T>(work: () => Promise<T>) => Promise<T>) => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const begin = (): ReturnType<typeof work> => work();
    const turn = last.then(begin, begin);
    last = turn;
    return turn;
  };
};
