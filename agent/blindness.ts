/** Notices when nothing has been judged for too long: an agent that sees nothing must not stay silent about it. */
export interface Blindness {
  /**
   * Takes what kept the last round from judging, "" for nothing. The reason to page people with, the same for the
   * whole episode, once it has lasted long enough; null otherwise.
   */
  readonly look: (problem: string) => string | null;
}

/** `afterMs`: how long a round after round may fail before people are told. */
export const createBlindness = (afterMs: number, now: () => number): Blindness => {
  let [since, cause]: [number | null, string] = [null, ""];
  return {
    look: (problem) => {
      if (problem === "") since = null;
      else if (since === null) [since, cause] = [now(), problem];
      if (since === null || now() - since < afterMs) return null;
      return `blind since ${new Date(since).toISOString().slice(0, 19)}Z: nothing is judged, no rollback can be decided; ${cause}`;
    },
  };
};
