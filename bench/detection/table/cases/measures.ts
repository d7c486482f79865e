import { bucketValue, upperEdge } from "../../../../core/histogram.ts";
import type { Measured } from "../../comparators/comparator.ts";
import type { ArmMinute } from "../../streams/stream.ts";

/** Moments of a rate's events. */
export const rateMoments: Measured["moments"] = ({ n, sum }) => ({ n, sum, squares: sum });
/** Rate of a minute; null without calls. */
export const rateOf = ({ n, sum }: ArmMinute): number | null => (n > 0 ? sum / n : null);
/** Moments of values, from their buckets. */
export const binMoments: Measured["moments"] = ({ n, bins }) => {
  let [sum, squares] = [0, 0];
  for (const bin in bins) {
    const [value, count] = [bucketValue(Number(bin)), bins[bin] ?? 0];
    sum += count * value;
    squares += count * value * value;
  }
  return { n, sum, squares };
};
/** Highest value but `1 - q` of a minute's: what a p99 over twenty calls is. */
export const quantileOf =
  (q: number) =>
  ({ n, bins }: ArmMinute): number | null => {
    const buckets = Object.keys(bins)
      .map(Number)
      .sort((a, b) => a - b);
    let below = 0;
    const found = buckets.find((bucket) => {
      below += bins[bucket] ?? 0;
      return below >= q * n;
    });
    return found === undefined ? null : upperEdge(found);
  };
