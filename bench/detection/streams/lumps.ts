import { bucketOf } from "../../../core/histogram.ts";
import type { Rule } from "../../../core/migration.ts";
import { OVERALL, type Sample, type Tick } from "../../../core/sample.ts";
import { binomialFrom, seededRandom } from "../../../core/seeded-random.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { MINUTE_MS, migrationOf } from "../one-rule.ts";
import { SHARE } from "./stream.ts";

/** Values with their shares, rare ones last; the shares sum to 1. */
export type Lumps = readonly (readonly [value: number, share: number])[];

const ARMS = ["canary", "baseline"] as const;
/** Calls of a tick of ten minutes: the canary has 5% of them. */
const CALLS = { canary: 200, baseline: 3800 } as const;
const TICK_MS = 10 * MINUTE_MS;
const TICKS_A_DAY = 144;
/** binomialFrom is meant for so many calls at a time. */
const CHUNK = 200;

const draw = (random: () => number, n: number, lumps: Lumps): Pick<Sample, "n" | "sum" | "bins"> => {
  const bins: Record<string, number> = {};
  let sum = 0;
  for (let done = 0; done < n; done += CHUNK) {
    let [left, rest] = [CHUNK, 1];
    for (const [value, share] of lumps.toReversed()) {
      const count = rest <= share ? left : binomialFrom(random, left, share / rest);
      if (count > 0) bins[bucketOf(value)] = (bins[bucketOf(value)] ?? 0) + count;
      [left, rest, sum] = [left - count, rest - share, sum + count * value];
    }
  }
  return { n, sum, bins };
};

/** What the engine says of a rule while both arms draw from lumps: `breach`, else whether it was ever `clear`. */
export const saidOfLumps = (
  rule: Rule,
  arms: Readonly<Record<"canary" | "baseline", Lumps>>,
  days: number,
  seed: number,
): "breach" | "clear" | "undecided" => {
  const [engine, random] = [createEngine(migrationOf([rule], SHARE)), seededRandom(seed)];
  const { signal } = rule;
  if (signal === "output_shape") throw new TypeError("output_shape has no quantile");
  let isClear = false;
  for (let i = 0; i < days * TICKS_A_DAY; i++) {
    const samples = ARMS.map(
      (cohort): Sample => ({ signal, cohort, segment: OVERALL, ...draw(random, CALLS[cohort], arms[cohort]) }),
    );
    const [from, to] = [i * TICK_MS, (i + 1) * TICK_MS];
    const tick: Tick = { migration: "simulated", from, to, stage: 0, share: SHARE, calls: [], samples };
    const outcome = engine.step(tick, "outcome").verdicts[0]?.outcome;
    if (outcome === "breach") return "breach";
    isClear ||= outcome === "clear";
  }
  return isClear ? "clear" : "undecided";
};

/** Answers from a cache take 40 ms, a share `slow` (0 to 1) of them 2.5 s. */
export const cached = (slow: number): Lumps => [
  [40, 1 - slow],
  [2500, slow],
];

/** A clock of whole seconds: a share `three` (0 to 0.6) takes three. */
export const seconds = (three: number): Lumps => [
  [1000, 0.4],
  [2000, 0.6 - three],
  [3000, three],
];

/** Nothing, but for a share `some` (0 to 1). */
export const zeros = (some: number): Lumps => [
  [0, 1 - some],
  [300, some],
];
