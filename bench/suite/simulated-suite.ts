import { binomialFrom } from "../../core/seeded-random.ts";
import type { CaseCounts } from "../../detectors/suite/case-counts.ts";

/** A simulated suite. */
export interface SimulatedSuite {
  readonly cases: number;
  readonly runs: number;
  /** Share of the cases that the candidate never passes, though the baseline would; and the other way round. */
  readonly broken: number;
  readonly mended: number;
}

/** How often a case is passed: most always, some nearly always, some as often as not, some never. */
const PASS_RATES: readonly (readonly [share: number, rate: number])[] = [
  [0.7, 1],
  [0.15, 0.9],
  [0.1, 0.5],
  [0.05, 0],
];

const rateOf = (random: () => number): number => {
  let left = random();
  for (const [share, rate] of PASS_RATES) {
    if (left < share) return rate;
    left -= share;
  }
  return 0;
};

/** Cases whose pass rates are drawn, and changed for the candidate in a part of them: by 1 each, so that shares are differences. */
export const simulatedSuite = (
  { cases, runs, broken, mended }: SimulatedSuite,
  random: () => number,
): readonly CaseCounts[] =>
  Array.from({ length: cases }, () => {
    const at = random();
    const own = rateOf(random);
    const [before, after] = at < broken ? [1, 0] : at < broken + mended ? [0, 1] : [own, own];
    return {
      baseline: { passes: binomialFrom(random, runs, before), runs },
      candidate: { passes: binomialFrom(random, runs, after), runs },
    };
  });
