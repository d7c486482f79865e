import { utcStamp } from "../core/utc-text.ts";

/** Notices when nothing has been judged for too long: an agent that sees nothing must not stay silent about it. */
export interface Blindness {
  /**
   * Takes what kept the last round from judging, "" for nothing. The reason to page people with, once it has lasted long
   * enough, and the same from then on; null otherwise. It names what is wrong by then: the first round that fails
   * often knows no more than a broken connection.
   */
  readonly look: (problem: string) => string | null;
}

/** `afterMs`: how long a round after round may fail before people are told. */
export const createBlindness = (afterMs: number, now: () => number): Blindness => {
  let [since, cause]: [number | null, string] = [null, ""];
  return {
    look: (problem) => {
      if (problem === "") [since, cause] = [null, ""];
      else since ??= now();
      if (since === null || now() - since < afterMs) return null;
      if (cause === "") cause = problem;
      return `blind since ${utcStamp(since)}: nothing is judged, no rollback can be decided; ${cause}`;
    },
  };
};
