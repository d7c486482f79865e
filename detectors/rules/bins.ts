import { unreachable } from "../../core/exhaustive.ts";
import { bucketValue } from "../../core/histogram.ts";
import type { MeasuredKind } from "../../core/signals.ts";
import type { Bin } from "../stats/betting.ts";
import type { Histogram } from "../stats/quantile.ts";
import type { ArmSample } from "../tick-view.ts";
import type { ArmTotals } from "./arm-tracker.ts";

/** A sample as values with counts: {0, 1} for a rate, hundredths for a score, bucket middles for a value. */
export const binsOf = (kind: MeasuredKind, sample: ArmSample | ArmTotals): readonly Bin[] => {
  switch (kind) {
    case "rate":
      return [
        [1, sample.sum],
        [0, sample.n - sample.sum],
      ];
    case "score":
      return [...histogramOf(sample)].map(([bin, count]) => [bin / 100, count]);
    case "value":
      return [...histogramOf(sample)].map(([bin, count]) => [bucketValue(bin), count]);
    default:
      return unreachable(kind);
  }
};

/** What is kept by bin name, as a histogram by bucket index. */
export const histogramOf = (sample: ArmSample | ArmTotals): Histogram => {
  if ("histogram" in sample && sample.histogram !== undefined) return sample.histogram();
  const entries = sample.bins instanceof Map ? [...sample.bins] : Object.entries(sample.bins);
  return new Map(entries.map(([bin, count]) => [Number(bin), count]));
};
