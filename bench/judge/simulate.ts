import { seededRandom } from "../../core/seeded-random.ts";
import { isProvenBelow, type Label } from "../../detectors/pairs/judge/corrected-rate.ts";
import { propLogE } from "../../detectors/stats/one-sample.ts";

/** A judge of known error on pairs of which a known part is worse; shares 0-1. */
export interface JudgeWorld {
  /** Pairs that people would call worse. */
  readonly rate: number;
  /** Of those, what the judge does not call worse. */
  readonly missed: number;
  /** Of the others, what it does call worse. */
  readonly invented: number;
}

/** The judge that is wrong in `error` of the pairs, and calls `bias` more of them worse than are. */
export const judgeOf = (rate: number, error: number, bias: number): JudgeWorld => ({
  ...{ rate, missed: (error - bias) / 2 / rate, invented: (error + bias) / 2 / (1 - rate) },
});

/** Who says that the rate is below the limit. */
export type Method = "judge alone" | "labels alone" | "corrected";

/** Labels, or null where it is never said, by method. */
export type Said = Record<Method, number | null>;

/** Levels, limits and sizes of a run. */
export interface RunSettings {
  readonly limit: number;
  readonly alpha: number;
  readonly maxLabels: number;
  /** Pairs the judge has read before people begin. */
  readonly read: number;
}

/** Everybody looks whenever so many labels have come. */
const LOOK = 10;

/** One run: after how many labels each method first says that the rate is below the limit. */
export const simulate = (world: JudgeWorld, settings: RunSettings, seed: number): Said => {
  const { limit, alpha, maxLabels, read } = settings;
  const random = seededRandom(seed);
  const said: Said = { "judge alone": null, "labels alone": null, corrected: null };
  const labels: Label[] = [];
  let [n, sum, events] = [0, 0, 0];
  const draw = (): Label => {
    const truth = random() < world.rate ? 1 : 0;
    const judged = Number(truth === 1 ? random() >= world.missed : random() < world.invented);
    n += 1;
    sum += judged;
    return { truth, judged };
  };
  const threshold = -Math.log(alpha);
  for (let i = 0; i < read; i++) draw();
  while (labels.length < maxLabels) {
    for (let i = 0; i < LOOK; i++) {
      const label = draw();
      labels.push(label);
      events += label.truth;
    }
    const count = labels.length;
    if (propLogE(sum, n, limit, -1) >= threshold && sum / n < limit) said["judge alone"] ??= count;
    if (propLogE(events, count, limit, -1) >= threshold && events / count < limit) said["labels alone"] ??= count;
    if (said.corrected === null && isProvenBelow({ n, sum, labels }, limit, alpha)) said.corrected = count;
  }
  return said;
};
