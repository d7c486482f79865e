/** Keeps errors of ours away from the app: the first one is told once, and from then on nothing of ours runs. */
export interface FailOpen {
  /**
   * Runs `work` with what follows and returns what it returns; `otherwise` when it throws, or something else has thrown
   * before. What runs for each call is given as a function that stays: code compiled for one that is made for a call is
   * thrown away with it.
   */
  readonly attempt: <T, Given extends unknown[]>(work: (...given: Given) => T, otherwise: T, ...given: Given) => T;
  /** The same without a result. */
  readonly guard: <Given extends unknown[]>(work: (...given: Given) => void, ...given: Given) => void;
  /** For what runs for every piece of every answer, and catches by itself: false once something has thrown. */
  readonly isWorking: () => boolean;
  /** What to do with what it caught. */
  readonly broken: (error: unknown) => void;
}

/** Starts in working order. */
export const createFailOpen = (onInternalError: (error: unknown) => void): FailOpen => {
  let working = true;
  const broken = (error: unknown): void => {
    if (!working) return;
    working = false;
    onInternalError(error);
  };
  const attempt: FailOpen["attempt"] = (work, otherwise, ...given) => {
    if (!working) return otherwise;
    try {
      return work(...given);
    } catch (error) {
      broken(error);
      return otherwise;
    }
  };
  const guard: FailOpen["guard"] = (work, ...given) => {
    if (!working) return;
    try {
      work(...given);
    } catch (error) {
      broken(error);
    }
  };
  return { attempt, guard, isWorking: () => working, broken };
};
