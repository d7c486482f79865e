import { bucketOf, upperEdge } from "../../../../core/histogram.ts";
import type { Rule } from "../../../../core/migration.ts";
import type { Measured } from "../../comparators/comparator.ts";
import { type Distribution, distributionOf, lognormalWeights } from "../../streams/distribution.ts";
import { drawn } from "../../streams/stream.ts";
import { twoRatesBound } from "../bounds.ts";
import type { Case } from "../case.ts";
import { quantileOf } from "./measures.ts";
import { constant, DAY, fromDayFive, LATE, ROLLBACK, type Row, ruleOf, section } from "./section.ts";

const same = { ratio: 1, delta: 0 };
/** A quantile (in percent) of the latency at most 200 ms above the baseline's. */
export const latencyRule = (quantile: number): Rule =>
  ruleOf({ signal: "latency_ms", quantile, limit: "200ms", unit: "absolute-increase", direction: "increase" });
const LATENCY_SD = 0.5176;
const latencies = (buckets: number): Distribution => distributionOf(lognormalWeights(300, LATENCY_SD, buckets, 1));
/** The baseline's latency. */
export const usual: Distribution = latencies(0);
/** Shift in buckets that takes the baseline's quantile x up to the upper edge at or above x + ms. */
const shiftBy = (x: number, ms: number): number => (ms === 0 ? 0 : bucketOf(x + ms) + 1 - bucketOf(x * 1.005));
/** A canary whose p99 is exactly 200 ms above. */
export const at200More: Distribution = latencies(shiftBy(usual.quantile(0.99), 200));
const latencySection = (
  quantile: number,
  rows: readonly (Omit<Row, "stream" | "bound"> & { readonly ms: number })[],
): readonly Case[] => {
  const q = quantile / 100;
  const x = usual.quantile(q);
  const limit = upperEdge(bucketOf(x + 200));
  const measured: Measured = { value: quantileOf(q), moments: null, threshold: x + 200, margin: null };
  return section(
    `E. p${quantile} latency, at most 200 ms more`,
    latencyRule(quantile),
    measured,
    rows.map(({ ms, ...row }) => {
      const canary = latencies(shiftBy(x, ms));
      const tail = { canary: canary.above(limit), baseline: usual.above(x) };
      return {
        ...row,
        stream: drawn(
          "latency_ms",
          row.onset === undefined ? constant(canary) : fromDayFive(usual, canary),
          constant(usual),
        ),
        ...(row.asked === "alarm" ? { bound: twoRatesBound(ROLLBACK, tail.canary, tail.baseline, same) } : {}),
      };
    }),
  );
};
/** Every 33rd hour is three times slower for both arms. */
const slow = latencies(111);
const incidentHour = (minute: number): Distribution => (Math.floor(minute / 60) % 33 === 17 ? slow : usual);
/** E. Quantiles of latency; the baseline's p99 is about a second. */
export const latencyCases: readonly Case[] = [
  ...latencySection(99, [
    { name: "equal arms", ms: 0, asked: "no alarm", runs: 40 },
    { name: "exactly 200 ms more", ms: 200, asked: "no alarm", runs: 80 },
    { name: "500 ms more", ms: 500, asked: "alarm", runs: 200 },
    { name: "a second more", ms: 1000, asked: "alarm", runs: 200, minutes: 3 * DAY },
    { name: "a second more on day five", ms: 1000, ...LATE, runs: 30 },
  ]),
  ...section("E. p99 latency, at most 200 ms more", latencyRule(99), null, [
    {
      name: "equal arms, 3% of the hours slow for both",
      stream: drawn("latency_ms", incidentHour, incidentHour),
      asked: "no alarm",
      runs: 60,
    },
  ]),
  ...latencySection(50, [
    { name: "exactly 200 ms more", ms: 200, asked: "no alarm", runs: 40 },
    { name: "300 ms more", ms: 300, asked: "alarm", runs: 300, minutes: 3 * DAY },
  ]),
  ...latencySection(95, [
    { name: "exactly 200 ms more", ms: 200, asked: "no alarm", runs: 40 },
    { name: "500 ms more", ms: 500, asked: "alarm", runs: 300, minutes: 3 * DAY },
  ]),
];
