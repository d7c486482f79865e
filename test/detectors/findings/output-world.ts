import type { Arm } from "../../../core/cohort.ts";
import { bucketOf } from "../../../core/histogram.ts";
import type { CallCount, Sample, Tick } from "../../../core/sample.ts";
import { binomialFrom } from "../../../core/seeded-random.ts";
import { SHAPE_FEATURES, type ShapeFeature } from "../../../core/shape-features.ts";
import { SIGNALS } from "../../../core/signals.ts";
import { normalQuantile } from "../../../detectors/stats/normal-quantile.ts";

/** How one feature of a made-up model is distributed: probability of a flag, shares of labels, median of a number. */
export type Distribution =
  | { readonly rate: number }
  | { readonly labels: Readonly<Record<string, number>> }
  | { readonly median: number; readonly sd: number };

/** A made-up model: what is not named is as `USUAL` has it. */
export type Model = Readonly<Record<string, Distribution>>;

const USUAL: Model = {
  code_fence: { rate: 0.1 },
  json_valid: { rate: 0.97 },
  schema_valid: { rate: 0.95 },
  refusal: { rate: 0.03 },
  degenerate: { rate: 0.002 },
  truncated: { rate: 0.01 },
  hedging: { rate: 0.3 },
  answer_form: { labels: { prose: 0.6, list: 0.2, json: 0.15, line: 0.05 } },
  json_shape: { labels: { s01: 0.7, s02: 0.3 } },
  refusal_class: { labels: { none: 0.95, soft: 0.03, partial: 0.02 } },
  language: { labels: { en: 0.8, de: 0.15, fr: 0.05 } },
  script: { labels: { latin: 0.99, han: 0.01 } },
  finish_reason: { labels: { stop: 0.97, length: 0.01, tool_calls: 0.02 } },
  tool_chosen: { labels: { aaaaaaaaaaaa: 0.7, bbbbbbbbbbbb: 0.3 } },
  bullet_items: { labels: { "0": 0.7, "3": 0.25, "5": 0.05 } },
  output_chars: { median: 600, sd: 0.7 },
  tokens_per_char: { median: 0.25, sd: 0.1 },
  words: { median: 100, sd: 0.7 },
};

const distributionOf = (feature: ShapeFeature, model: Model): Distribution => {
  const named = model[feature.name] ?? USUAL[feature.name];
  if (named !== undefined) return named;
  if (feature.kind === "flag") return { rate: 0.15 };
  return feature.kind === "label" ? { labels: { a: 0.9, b: 0.1 } } : { median: 0.5, sd: 0.3 };
};

type Random = () => number;

/** By the rarer side: an inversion that starts at (1 - p)^n must not start at 0. */
const draw = (random: Random, n: number, p: number): number =>
  p > 0.5 ? n - binomialFrom(random, n, 1 - p) : binomialFrom(random, n, p);

/** Counts of n draws over labels, by one binomial after the other. */
const drawLabels = (random: Random, n: number, shares: Readonly<Record<string, number>>): Record<string, number> => {
  const counts: Record<string, number> = {};
  let [left, rest] = [n, 1];
  for (const [label, share] of Object.entries(shares)) {
    const count = rest <= share ? left : draw(random, left, share / rest);
    if (count > 0) counts[label] = count;
    left -= count;
    rest -= share;
  }
  return counts;
};

const TABLE = 256;

/** Buckets of a log-normal number, equally likely each: a draw is a look into the table. */
const tables = new Map<string, readonly string[]>();
const tableOf = (median: number, sd: number): readonly string[] => {
  const key = `${median} ${sd}`;
  const known = tables.get(key);
  if (known !== undefined) return known;
  const table = Array.from({ length: TABLE }, (_, i) =>
    String(bucketOf(median * Math.exp(sd * normalQuantile((i + 0.5) / TABLE)))),
  );
  tables.set(key, table);
  return table;
};

const drawBuckets = (random: Random, n: number, median: number, sd: number): Record<string, number> => {
  const counts: Record<string, number> = {};
  const table = tableOf(median, sd);
  for (let i = 0; i < n; i++) {
    const bucket = table[Math.floor(random() * TABLE)] ?? "0";
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return counts;
};

/** Adds counts to the bins of `output_features`, as the store writes them. */
const pack = (
  packed: Record<string, number>,
  name: string,
  counts: Readonly<Record<string, number>>,
  binOf: (bin: string) => string = (bin) => bin,
): void => {
  for (const [bin, count] of Object.entries(counts)) {
    const text = `${name}=${binOf(bin)}`;
    packed[text] = (packed[text] ?? 0) + count;
  }
};

const tenBuckets = (bucket: string): string => `b${Math.floor(Number(bucket) / 10) * 10}`;

/** What one arm of one segment shows in one tick, as the store folds it. */
export const drawSamples = (random: Random, cohort: Arm, segment: string, n: number, model: Model): Sample[] => {
  const packed: Record<string, number> = {};
  const samples: Sample[] = [];
  const own = (feature: ShapeFeature, sum: number, bins: Sample["bins"]): void =>
    void samples.push({ signal: feature.signal, cohort, segment, n, sum, bins });
  for (const feature of SHAPE_FEATURES) {
    const distribution = distributionOf(feature, model);
    const isPacked = feature.signal === "output_features";
    if ("rate" in distribution) {
      const events = draw(random, n, distribution.rate);
      if (isPacked) pack(packed, feature.name, { "1": events, "0": n - events });
      else own(feature, events, {});
    } else if ("labels" in distribution) {
      const counts = drawLabels(random, n, distribution.labels);
      if (isPacked) pack(packed, feature.name, counts);
      else own(feature, 0, counts);
    } else {
      const isScore = SIGNALS[feature.signal].kind === "score";
      const counts = isScore
        ? drawLabels(random, n, { "70": 0.3, "80": 0.4, "90": 0.3 })
        : drawBuckets(random, n, distribution.median, distribution.sd);
      if (isPacked) pack(packed, feature.name, counts, tenBuckets);
      else own(feature, 0, counts);
    }
  }
  samples.push({ signal: "output_features", cohort, segment, n, sum: 0, bins: packed });
  return samples;
};

/** One arm's calls in one segment of a tick. */
export interface Slice {
  readonly cohort: Arm;
  /** `name=value`; "" = all calls. */
  readonly segment: string;
  readonly n: number;
  readonly model: Model;
  /** Further samples' bins, such as `key_paths` and `call_setup`. */
  readonly extra?: Readonly<Partial<Record<"key_paths" | "call_setup", Readonly<Record<string, number>>>>>;
}

/** The answers are drawn independently, and the ticks say so. */
const INDEPENDENT: NonNullable<Tick["designEffects"]> = Object.fromEntries(SHAPE_FEATURES.map(({ name }) => [name, 1]));

/** A tick of `ms` from `from` on that holds the given calls. */
export const outputTick = (random: Random, from: number, ms: number, slices: readonly Slice[]): Tick => ({
  migration: "simulated",
  from,
  to: from + ms,
  stage: 0,
  share: 0.05,
  designEffects: INDEPENDENT,
  calls: slices.map(({ cohort, segment, n }): CallCount => ({ cohort, segment, calls: n })),
  samples: slices.flatMap(({ cohort, segment, n, model, extra = {} }) => [
    ...drawSamples(random, cohort, segment, n, model),
    ...Object.entries(extra).map(
      ([signal, bins]): Sample => ({ signal: signal as "key_paths", cohort, segment, n, sum: 0, bins }),
    ),
  ]),
});

/** Adds the samples and calls of all segments of a tick up to those of all calls. */
export const withOverall = (tick: Tick): Tick => {
  const merged = new Map<string, { -readonly [K in keyof Sample]: Sample[K] } & { bins: Record<string, number> }>();
  const calls: Record<Arm, number> = { canary: 0, baseline: 0 };
  for (const { cohort, calls: n } of tick.calls) calls[cohort] += n;
  for (const sample of tick.samples) {
    const key = `${sample.signal} ${sample.cohort}`;
    const all = merged.get(key) ?? { ...sample, segment: "", n: 0, sum: 0, bins: {} };
    merged.set(key, all);
    all.n += sample.n;
    all.sum += sample.sum;
    for (const [bin, count] of Object.entries(sample.bins)) all.bins[bin] = (all.bins[bin] ?? 0) + count;
  }
  const overall = (["canary", "baseline"] as const).map((cohort) => ({ cohort, segment: "", calls: calls[cohort] }));
  return { ...tick, calls: [...tick.calls, ...overall], samples: [...tick.samples, ...merged.values()] };
};
