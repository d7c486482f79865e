import type { ArmPair } from "../tick-view.ts";

/** A shorter silence is batching: exporters send what they have every some seconds. */
const MIN_SILENCE_MS = 120_000;
/** Canary calls without company that are looked at, at least: a user in a hurry makes a few. */
const MIN_UNACCOMPANIED = 10;
/** Probability that so many calls in a row are the canary's by chance. */
const CHANCE = 1e-4;
/** Baseline calls of the stage from which on its rate is known, and how many that has to let expect meanwhile. */
const MIN_KNOWN = 20;
const MIN_EXPECTED = 10;

/** Says whether the canary's calls still have baseline calls beside them. */
export interface BaselineWatch {
  /** Takes a tick's calls in. True when there is no baseline to compare them with. */
  readonly step: (
    calls: { readonly [Arm in keyof ArmPair]: Pick<ArmPair[Arm], "n"> },
    clock: { readonly from: number; readonly isNewStage: boolean; readonly configuredShare: number },
  ) => boolean;
  /** Canary calls since the last baseline call. */
  readonly unaccompanied: () => number;
}

/**
 * A watch that has seen nothing. There is no baseline in a stage of 100%, and where it has sent nothing for two minutes
 * in which, going by the share and by the rate of the stage, it should have. Goes by how many calls there are, never by
 * what came of them.
 */
export const createBaselineWatch = (): BaselineWatch => {
  let stage = { since: 0, canary: 0, baseline: 0 };
  let [unaccompanied, silentSince]: [number, number | null] = [0, null];

  /** The canary's share, the larger of the configured one and that of the stage so far. */
  const shareOf = (configured: number): number => {
    const { canary, baseline } = stage;
    return baseline < MIN_KNOWN ? configured : Math.max(configured, canary / (canary + baseline));
  };
  const isLost = (silenceMs: number, configured: number): boolean => {
    if (silenceMs < MIN_SILENCE_MS || unaccompanied < MIN_UNACCOMPANIED) return false;
    if (unaccompanied * Math.log(shareOf(configured)) > Math.log(CHANCE)) return false;
    if (stage.baseline < MIN_KNOWN) return true;
    const perMs = stage.baseline / Math.max(1, (silentSince ?? 0) - stage.since);
    return perMs * silenceMs >= MIN_EXPECTED;
  };

  return {
    unaccompanied: () => unaccompanied,
    step: (calls, { from, isNewStage, configuredShare }) => {
      // A silence goes on where a stage begins: the next share is no news of it.
      if (isNewStage) stage = { since: from, canary: 0, baseline: 0 };
      if (calls.baseline.n > 0) {
        stage.canary += unaccompanied + calls.canary.n;
        stage.baseline += calls.baseline.n;
        [unaccompanied, silentSince] = [0, null];
        return false;
      }
      silentSince ??= from;
      unaccompanied += calls.canary.n;
      return configuredShare >= 1 ? unaccompanied > 0 : isLost(from - silentSince, configuredShare);
    },
  };
};
