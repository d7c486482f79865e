/** Keeps errors of ours away from the app: the first one is told once, and from then on nothing of ours runs. */
export interface FailOpen {
  /** Runs `work` and returns what it returns; `otherwise` when it throws, or something else has thrown before. */
  readonly attempt: <T>(work: () => T, otherwise: T) => T;
  /** The same without a result. */
  readonly guard: (work: () => void) => void;
}

/** Starts in working order. */
export const createFailOpen = (onInternalError: (error: unknown) => void): FailOpen => {
  let working = true;
  const broken = (error: unknown): void => {
    if (!working) return;
    working = false;
    onInternalError(error);
  };
  const attempt = <T>(work: () => T, otherwise: T): T => {
    if (!working) return otherwise;
    try {
      return work();
    } catch (error) {
      broken(error);
      return otherwise;
    }
  };
  return { attempt, guard: (work) => attempt(work, undefined) };
};
