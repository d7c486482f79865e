import { sharedRun } from "../../async/shared-run.ts";
import { withinOr } from "../../async/within-or.ts";

/** What running work beside others needs. */
export interface PatienceCollaborators {
  /** Told when the work failed; it is tried again at the next call. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Makes work that others wait for at most `patienceMs`, and whose failure is not theirs: resolves when it is done, has
 * failed, or takes longer. While it is under way it is not started again.
 */
export const withinPatience = <A extends readonly unknown[]>(
  work: (...args: A) => Promise<void>,
  patienceMs: number,
  { onFailure }: PatienceCollaborators,
): ((...args: A) => Promise<void>) => {
  const run = sharedRun((...args: A) => work(...args).catch(onFailure));
  return (...args) => withinOr(patienceMs, run(...args), undefined);
};
