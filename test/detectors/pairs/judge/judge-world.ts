import { seededRandom } from "../../../../core/seeded-random.ts";
import type { Label } from "../../../../detectors/pairs/judge/corrected-rate.ts";

/** A judge: how many pairs are worse, how many of them it misses, and of the others how many it calls worse; 0-1. */
export interface JudgeWorld {
  readonly rate: number;
  readonly missed: number;
  readonly invented: number;
}

/** So many labelled pairs of that world, at random. */
export const drawLabels = ({ rate, missed, invented }: JudgeWorld, n: number, seed: number): readonly Label[] => {
  const random = seededRandom(seed);
  return Array.from({ length: n }, () => {
    const truth = random() < rate ? 1 : 0;
    const isCalled = truth === 1 ? random() >= missed : random() < invented;
    return { truth, judged: Number(isCalled) };
  });
};
