import { bucketValue } from "../../core/histogram.ts";
import type { SignalKind } from "../../core/signals.ts";
import type { Bin } from "../stats/betting.ts";
import type { Histogram } from "../stats/quantile.ts";
import type { ArmSample } from "../tick-view.ts";
import type { ArmTotals } from "./arm-tracker.ts";

/** A sample as values with counts: {0, 1} for a rate, hundredths for a score, bucket middles for a value. */
export const binsOf = (kind: SignalKind, sample: ArmSample | ArmTotals): readonly Bin[] => {
  if (kind === "rate") {
    return [
      [1, sample.sum],
      [0, sample.n - sample.sum],
    ];
  }
  const toNumber = kind === "score" ? (bin: string) => Number(bin) / 100 : (bin: string) => bucketValue(Number(bin));
  const bins = sample.bins instanceof Map ? [...sample.bins] : Object.entries(sample.bins);
  return bins.map(([bin, count]) => [toNumber(bin), count]);
};

/** Totals kept by bin name, as a histogram by bucket index. */
export const histogramOf = (bins: ReadonlyMap<string, number> | Readonly<Record<string, number>>): Histogram => {
  const entries = bins instanceof Map ? [...bins] : Object.entries(bins);
  return new Map(entries.map(([bin, count]) => [Number(bin), count]));
};
