import type { Arm } from "../../../core/cohort.ts";
import { seededRandom } from "../../../core/seeded-random.ts";
import type { ConfidentAnswer } from "../../../detectors/calibration/confident-answer.ts";

/** Chance of a right answer by confidence. */
export type Truth = (confidence: number) => number;

/** Answers of an arm with uniform confidences; `alike` of them share one cluster and, mostly, one draw of luck. */
export const drawArm = (arm: Arm, n: number, truth: Truth, seed: number, alike = 1): readonly ConfidentAnswer[] => {
  const random = seededRandom(seed);
  let luck = 0;
  return Array.from({ length: n }, (_, i) => {
    if (i % alike === 0) luck = random();
    const confidence = random();
    const own = alike > 1 && random() < 0.6 ? luck : random();
    return { arm, confidence, isRight: own < truth(confidence), cluster: `${arm} ${Math.floor(i / alike)}` };
  });
};

/** Answers from pairs of confidence and outcome, each for itself. */
export const answersOf = (
  arm: Arm,
  pairs: readonly (readonly [confidence: number, right: 0 | 1])[],
): readonly ConfidentAnswer[] =>
  pairs.map(([confidence, right], i) => ({ arm, confidence, isRight: right === 1, cluster: `${arm} ${i}` }));

/** So many answers of one confidence, of which the first are right. */
export const block = (arm: Arm, confidence: number, right: number, n: number): readonly ConfidentAnswer[] =>
  Array.from({ length: n }, (_, i) => ({ arm, confidence, isRight: i < right, cluster: `${arm} ${confidence} ${i}` }));
