/**
 * Work that is not started again while it is under way: whoever asks meanwhile gets the result of the run there is. It is
 * started with the arguments of whoever asks first.
 */
export const sharedRun = <A extends readonly unknown[], T>(
  work: (...args: A) => Promise<T>,
): ((...args: A) => Promise<T>) => {
  let running: Promise<T> | null = null;
  return (...args) => {
    running ??= work(...args).finally(() => {
      running = null;
    });
    return running;
  };
};
