import { zOfStudent } from "../stats/normal-tail.ts";
import type { Block } from "./design.ts";
import { meanOf } from "./exchange.ts";
import type { Scores } from "./scores.ts";

/**
 * How far, as a normal z, the difference of one column is from 0 when each block counts as one draw: Student's t of the blocks'
 * differences. Answers to one prompt may be alike in one arm for reasons of their own (a cache, a low temperature).
 */
export const createBlockAgreement = (blocks: readonly Block[], scores: Scores): ((column: number) => number) => {
  const means = blocks.map(({ canary, baseline }) => [meanOf(canary, scores), meanOf(baseline, scores)] as const);
  return (column: number): number => {
    const differences = means
      .map(([canary, baseline]) => (canary[column] ?? 0) - (baseline[column] ?? 0))
      .filter((difference) => !Number.isNaN(difference));
    const n = differences.length;
    if (n < 2) return 0;
    const mean = differences.reduce((sum, each) => sum + each, 0) / n;
    const variance = differences.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (n - 1);
    if (variance < 1e-12) return mean === 0 ? 0 : Number.POSITIVE_INFINITY;
    return zOfStudent(Math.abs(mean) / Math.sqrt(variance / n), n - 1);
  };
};
