import { isEvaluationSignal } from "../../core/evaluation-signal.ts";
import { bucketOf } from "../../core/histogram.ts";
import type { Migration, Rule } from "../../core/migration.ts";
import type { Sample } from "../../core/sample.ts";
import { binomialFrom, normalFrom } from "../../core/seeded-random.ts";
import { measuredKind, type SignalName, signalOf } from "../../core/signals.ts";
import { assumptionFor } from "../../detectors/power/assumed-calls.ts";
import { normalQuantile } from "../../detectors/stats/normal-quantile.ts";

/** One signal of assumed calls. */
export interface AssumedSignal {
  readonly name: SignalName;
  /** Part of the calls that carry it, 0-1. */
  readonly known: number;
  /** Draws `n` of one arm's calls; `luck`: how far the arm's users are from the mean, in standard deviations of a call. */
  readonly draw: (random: () => number, n: number, luck: number) => Pick<Sample, "n" | "sum" | "bins">;
}

/** Up to so many events on average a count is drawn one by one; beyond, it is as good as normal. */
const EXACT = 50;

/** A Poisson count. */
export const countFrom = (random: () => number, mean: number): number => {
  if (mean <= 0) return 0;
  if (mean > EXACT) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normalFrom(random)));
  const floor = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > floor; product *= random()) count++;
  return count;
};

/** Events among `n` calls: exact where either they or the others are few, whatever the rate; beyond, a normal count is as good. */
export const eventsFrom = (random: () => number, n: number, rate: number): number => {
  if (rate > 0.5) return n - eventsFrom(random, n, 1 - rate);
  if (n * rate <= EXACT) return binomialFrom(random, n, rate);
  return Math.min(n, Math.max(0, Math.round(n * rate + Math.sqrt(n * rate * (1 - rate)) * normalFrom(random))));
};

const rate =
  (level: number): AssumedSignal["draw"] =>
  (random, n, luck) => {
    const shifted = Math.min(1, Math.max(0, level + luck * Math.sqrt(level * (1 - level))));
    return { n, sum: eventsFrom(random, n, shifted), bins: {} };
  };

/** Amounts in bins of 4%: finer ones cost time, and no limit is as close. */
const amountBin = (value: number): string => String(4 * Math.floor(bucketOf(value) / 4));

const QUANTILES = Array.from({ length: 512 }, (_, i) => normalQuantile((i + 0.5) / 512));

/** Above so many calls the counts of the bins are drawn, below the calls. */
const BY_BINS = 2048;

/** A number of calls in each of the bins that 512 equally likely values fall into. */
const valued =
  (valueAt: (z: number) => number, binOf: (value: number) => string): AssumedSignal["draw"] =>
  (random, n, luck) => {
    const bins: Record<string, number> = {};
    let [all, sum] = [0, 0];
    const add = (z: number, count: number): void => {
      const value = valueAt(z + luck);
      const bin = binOf(value);
      bins[bin] = (bins[bin] ?? 0) + count;
      all += count;
      sum += count * value;
    };
    if (n > BY_BINS) for (const z of QUANTILES) add(z, countFrom(random, n / QUANTILES.length));
    else for (let i = 0; i < n; i++) add(QUANTILES[Math.floor(random() * QUANTILES.length)] ?? 0, 1);
    return { n: all, sum, bins };
  };

const measured = (rule: Rule, name: SignalName): AssumedSignal["draw"] => {
  const { level, spread } = assumptionFor(rule, name);
  const kind = measuredKind(signalOf(name).kind);
  if (kind === "score")
    return valued(
      (z) => Math.min(1, Math.max(0, level + spread * z)),
      (value) => String(Math.round(value * 100)),
    );
  return kind === "value" ? valued((z) => level * Math.exp(spread * z), amountBin) : rate(level);
};

/** Scores come for a tenth of the calls, and tools are called in four of ten; the rest is known of every call. */
const knownOf = (name: SignalName): number => {
  if (isEvaluationSignal(name) || name === "quality") return 0.1;
  return name === "tool_call_valid" ? 0.4 : 1;
};

const lengths = valued((z) => 400 * Math.exp(0.5 * z), amountBin);

/** What stands for the output: its length, and two habits. */
const OUTPUT: readonly AssumedSignal[] = [
  { name: "output_chars", known: 1, draw: lengths },
  { name: "bullets", known: 1, draw: rate(0.3) },
  { name: "code_fence", known: 1, draw: rate(0.15) },
];

/** Of several rules on one signal the one that names a number says where the baseline is. */
const firmest = (rules: readonly Rule[]): Rule | undefined =>
  rules.find(({ reference }) => reference === "projection") ??
  rules.find(({ unit }) => unit === "absolute") ??
  rules[0];

/** The signals that a migration's rules are about, as the power of a rule assumes them; each once. */
export const assumedSignals = ({ rules }: Pick<Migration, "rules">): readonly AssumedSignal[] => {
  const named = Map.groupBy(
    rules.filter(({ signal }) => signal !== "output_shape"),
    ({ signal }) => signal,
  );
  const own = [...named].flatMap(([signal, all]): readonly AssumedSignal[] => {
    const rule = firmest(all);
    if (rule === undefined || signal === "output_shape") return [];
    return [{ name: signal, known: knownOf(signal), draw: measured(rule, signal) }];
  });
  const hasShape = rules.some(({ signal }) => signal === "output_shape");
  return [...own, ...(hasShape ? OUTPUT.filter(({ name }) => own.every((each) => each.name !== name)) : [])];
};
