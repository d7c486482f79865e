import { expect, test } from "vitest";
import { ZERO_BUCKET } from "../../../core/histogram.ts";
import { seededRandom } from "../../../core/seeded-random.ts";
import { createBucketCounts } from "../../../detectors/stats/bucket-counts.ts";
import { quantileBucket } from "../../../detectors/stats/quantile.ts";

test("it finds the quantiles that the histogram has, wherever the buckets lie and however they come in", () => {
  const random = seededRandom(3);
  const counts = createBucketCounts();
  const all = new Map<number, number>();
  expect(counts.quantile(0.5)).toBeNull();
  for (let step = 0; step < 60; step++) {
    const bucket = random() < 0.1 ? ZERO_BUCKET : Math.floor((random() - 0.5) * 40 * (step + 1));
    const count = 1 + Math.floor(9 * random());
    counts.add(new Map([[bucket, count]]));
    all.set(bucket, (all.get(bucket) ?? 0) + count);
    for (const q of [0.05, 0.5, 0.99, 1]) expect(counts.quantile(q)).toBe(quantileBucket(all, q));
  }
  expect(counts.histogram()).toEqual(new Map([...all].sort(([a], [b]) => a - b)));
  counts.clear();
  expect([counts.quantile(0.5), counts.histogram().size]).toEqual([null, 0]);
});
