import type { ConfidentAnswer } from "./confident-answer.ts";
import type { Steps } from "./isotonic.ts";

/** An arm's steps as a draw of cluster weights makes them. */
export type WeighSteps = (weights: Float64Array) => Steps;

/** Prepares an arm's answers to be weighed often: `ids` numbers the clusters. */
export const armSteps = (answers: readonly ConfidentAnswer[], ids: ReadonlyMap<string, number>): WeighSteps => {
  const confidence = Float64Array.from(new Set(answers.map((answer) => answer.confidence))).sort();
  const stepOf = new Map([...confidence].map((each, i) => [each, i] as const));
  const step = Int32Array.from(answers, (answer) => stepOf.get(answer.confidence) ?? 0);
  const cluster = Int32Array.from(answers, (answer) => ids.get(answer.cluster) ?? 0);
  const isRight = Uint8Array.from(answers, (answer) => Number(answer.isRight));
  return (weights) => {
    const [weight, right] = [new Float64Array(confidence.length), new Float64Array(confidence.length)];
    for (let i = 0; i < step.length; i++) {
      const own = weights[cluster[i] ?? 0] ?? 0;
      const at = step[i] ?? 0;
      weight[at] = (weight[at] ?? 0) + own;
      if (isRight[i] === 1) right[at] = (right[at] ?? 0) + own;
    }
    return { confidence, weight, right };
  };
};
