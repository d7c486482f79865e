import type { Tick } from "../../core/sample.ts";
import { createEDetector, logR, stepEDetector } from "../stats/e-detector.ts";
import { oneSampleIncrements } from "../stats/one-sample.ts";

/** Part of the calls that may be bad ones: a fallback now and then is no other candidate, a stray call no edited prompt. */
const MAX_SHARE = 0.02;
/** A share exactly at that part is doubted once in so many ticks at most; it is let go at 1 in 20. */
const DOUBT = Math.log(10_000);
const LET_GO = Math.log(20);
/** So many bad calls of a tick are no stray ones: the doubt stands for this long after them, because they come in bursts. */
const MIN_BURST = 3;
const STANDS_MS = 600_000;

/** Looks for a share of bad calls of more than 2%, and, while that is in doubt, for few enough. */
export interface ShareDoubt {
  /** Takes in a tick's calls, `bad` of `known`. True when the doubt that stands is over; it stands until `letGo`. */
  readonly step: (bad: number, known: number, tick: Pick<Tick, "from" | "to">) => boolean;
  readonly isDoubted: () => boolean;
  readonly letGo: () => void;
}

/** A search that has seen nothing; fewer than `minBad` bad calls are never in doubt, however many they are of few. */
export const createShareDoubt = (minBad: number): ShareDoubt => {
  let [detector, isDoubted, found] = [createEDetector(), false, 0];
  /** End of the last tick with too many of them, epoch ms. */
  let lastBurst = 0;
  const beginAgain = (doubted: boolean): void => {
    [detector, isDoubted, found] = [createEDetector(), doubted, 0];
  };
  return {
    isDoubted: () => isDoubted,
    letGo: () => beginAgain(false),
    step: (bad, known, { from, to }) => {
      if (known === 0) return false;
      found += bad;
      if (bad >= MIN_BURST && bad > MAX_SHARE * known) lastBurst = to;
      stepEDetector(detector, oneSampleIncrements(bad, known, MAX_SHARE, isDoubted ? -1 : 1), from);
      if (isDoubted) return logR(detector) >= LET_GO && to >= lastBurst + STANDS_MS;
      if (logR(detector) >= DOUBT && found >= minBad) beginAgain(true);
      return false;
    },
  };
};
