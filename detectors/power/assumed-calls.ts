import { isEvaluationSignal } from "../../core/evaluation-signal.ts";
import { unreachable } from "../../core/exhaustive.ts";
import { bucketOf } from "../../core/histogram.ts";
import type { Rule, RuleDirection } from "../../core/migration.ts";
import { percent } from "../../core/percent.ts";
import { quantileText } from "../../core/quantile-text.ts";
import { RULE_UNITS } from "../../core/rule-units/rule-units.ts";
import type { Sample } from "../../core/sample.ts";
import { binomialFrom } from "../../core/seeded-random.ts";
import { shortNumber } from "../../core/short-number.ts";
import { type MeasuredKind, measuredKind, type SignalName, signalOf } from "../../core/signals.ts";
import { normalQuantile } from "../stats/normal-quantile.ts";

/** How a signal is assumed to behave on the baseline, to say what a rule about it costs. */
export interface Assumption {
  /** Rate, mean score, or median of a log-normal value. */
  readonly level: number;
  /** Standard deviation: of the score, or of the value's logarithm; unused for rates. */
  readonly spread: number;
}

const LATENCY: Assumption = { level: 400, spread: 0.52 };
const RARE: Assumption = { level: 0.02, spread: 0 };

/** Ordinary baselines, of an evaluation that of `quality`; `check` prints the one it used. Absolute limits are assumed to leave a factor of five. */
const ASSUMPTIONS: Readonly<Partial<Record<SignalName, Assumption>>> = {
  error: { level: 0.01, spread: 0 },
  refusal: { level: 0.03, spread: 0 },
  json_valid: { level: 0.98, spread: 0 },
  tool_call_valid: { level: 0.98, spread: 0 },
  latency_ms: LATENCY,
  ttft_ms: { level: 300, spread: 0.5 },
  quality: { level: 0.8, spread: 0.15 },
};

/** What is assumed of the signals that have no entry. */
const OTHERS: Readonly<Record<MeasuredKind, Assumption>> = {
  rate: RARE,
  score: RARE,
  value: { level: 400, spread: 0.5 },
};

/** Rules about labels were refused before their power is asked for. */
const kindOf = (signal: SignalName): MeasuredKind => {
  const kind = measuredKind(signalOf(signal).kind);
  if (kind === null) throw new TypeError(`${signal} has no number to draw`);
  return kind;
};

/** What a log-normal value of median 1 is at the rule's quantile, or on average where the rule has none. */
const valueAt = ({ quantile }: Rule, spread: number): number =>
  Math.exp(quantile === null ? spread ** 2 / 2 : normalQuantile(quantile) * spread);

/** A rule about either direction costs the same both ways. */
const SIGN: Readonly<Record<RuleDirection, 1 | -1>> = { increase: 1, either: 1, drop: -1 };

/** How much of the room up to an absolute limit on a mean is assumed to be used. */
const USED = 0.7;

/** A mean score that keeps an absolute limit; spread no wider than scores have room on either side. */
const scoreWithin = (limit: number, direction: RuleDirection, spread: number): Assumption => {
  const level = SIGN[direction] === -1 ? 1 - USED * (1 - limit) : USED * limit;
  return { level, spread: Math.min(spread, level, 1 - level) };
};

/** What is assumed of the baseline's calls of a rule's signal, so that the rule is kept. */
export const assumptionFor = (rule: Rule, signal: SignalName): Assumption => {
  const kind = kindOf(signal);
  const usual = ASSUMPTIONS[isEvaluationSignal(signal) ? "quality" : signal] ?? OTHERS[kind];
  if (rule.reference === "projection") {
    // The projection is taken to be right for the baseline.
    return { ...usual, level: (rule.projection ?? 1) / Math.exp(usual.spread ** 2 / 2) };
  }
  if (rule.unit !== "absolute" || rule.limit === null) return usual;
  if (kind === "rate")
    return { ...usual, level: rule.direction === "drop" ? 1 - (1 - rule.limit) / 5 : rule.limit / 5 };
  if (kind === "score") return scoreWithin(rule.limit, rule.direction, usual.spread);
  const atQuantile = valueAt(rule, usual.spread);
  return { ...usual, level: (USED * rule.limit) / atQuantile };
};

/** The canary's level when it has gone `factor` times as far as the rule allows; 0 = like the baseline. */
const canaryLevel = (rule: Rule, { level, spread }: Assumption, factor: number): number => {
  if (factor === 0) return level;
  const limit = Math.max(rule.limit ?? 0, (rule.orRelative ?? 0) * level * valueAt(rule, spread));
  const unit = rule.unit ?? "absolute-increase";
  return RULE_UNITS[unit].level({
    limit,
    factor,
    baseline: level,
    sign: SIGN[rule.direction],
    isQuantile: rule.quantile !== null,
    valueAt: valueAt(rule, spread),
  });
};

/** The canary's rate, mean score or median when it has gone exactly as far as the rule allows from a baseline that is as assumed. */
export const levelAtLimit = (rule: Rule, baseline: Assumption): number => canaryLevel(rule, baseline, 1);

/** Shares of a healthy canary's calls and of the baseline's that count as events. */
export interface HealthyShares {
  readonly canary: number;
  readonly baseline: number;
}

/** Share of a pool's values beyond `value`. */
const shareBeyond = ({ values }: Pool, value: number): number =>
  values.filter((each) => each > value).length / values.length;

/**
 * What share of the calls are events where both arms are as assumed: of a rate its own, of a quantile the calls beyond the
 * limit and beyond the quantile. Null for means.
 */
export const healthyShares = (rule: Rule, signal: SignalName): HealthyShares | null => {
  const usual = assumptionFor(rule, signal);
  const kind = kindOf(signal);
  if (rule.quantile === null || kind === "rate")
    return kind === "rate" ? { canary: usual.level, baseline: usual.level } : null;
  const limit = canaryLevel(rule, usual, 1) * valueAt(rule, usual.spread);
  return { canary: shareBeyond(poolOf(kind, usual.level, usual.spread), limit), baseline: 1 - rule.quantile };
};

/** Draws the sample of `n` calls of one arm. */
export type DrawSample = (random: () => number, cohort: Sample["cohort"], n: number) => Sample;

/** What is assumed of the baseline, in words, and how calls are drawn from it. */
export interface AssumedCalls {
  readonly assumption: string;
  readonly draw: DrawSample;
}

const inWords = (rule: Rule, signal: SignalName, { level, spread }: Assumption): string => {
  const { unit } = signalOf(signal);
  const kind = kindOf(signal);
  switch (kind) {
    case "rate":
      return `${percent(level)} on the baseline`;
    case "score":
      return `mean ${shortNumber(level)}, sd ${shortNumber(spread)}`;
    case "value":
      return rule.quantile === null
        ? `log-normal, median ${shortNumber(level)} ${unit}, sd ${spread}`
        : `log-normal, ${quantileText(rule.quantile)} ${shortNumber(level * valueAt(rule, spread))} ${unit}`;
    default:
      return unreachable(kind);
  }
};

/** Evenly spaced quantiles of the standard normal: drawing from them is drawing from it, without its cost. */
const NORMAL_QUANTILES: readonly number[] = Array.from({ length: 4096 }, (_, i) => normalQuantile((i + 0.5) / 4096));

/** A distribution as equally likely values, with the bin each falls into. */
interface Pool {
  readonly values: readonly number[];
  readonly bins: readonly string[];
}

const poolOf = (kind: Exclude<MeasuredKind, "rate">, level: number, spread: number): Pool => {
  switch (kind) {
    case "score": {
      const values = NORMAL_QUANTILES.map((z) => Math.min(1, Math.max(0, level + spread * z)));
      return { values, bins: values.map((value) => String(Math.round(value * 100))) };
    }
    case "value": {
      const values = NORMAL_QUANTILES.map((z) => level * Math.exp(spread * z));
      return { values, bins: values.map((value) => String(bucketOf(value))) };
    }
    default:
      return unreachable(kind);
  }
};

const drawFrom = ({ values, bins }: Pool, random: () => number, n: number): Pick<Sample, "n" | "sum" | "bins"> => {
  const counts: Record<string, number> = {};
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const at = Math.floor(random() * values.length);
    const bin = bins[at] ?? "";
    counts[bin] = (counts[bin] ?? 0) + 1;
    sum += values[at] ?? 0;
  }
  return { n, sum, bins: counts };
};

/** Calls of a rule's signal, the canary's gone `factor` times as far as the rule allows (0: like the baseline). */
export const assumedCalls = (rule: Rule, signal: SignalName, factor: number): AssumedCalls => {
  const usual = assumptionFor(rule, signal);
  const levels = { baseline: usual.level, canary: canaryLevel(rule, usual, factor) };
  const kind = kindOf(signal);
  const assumption = inWords(rule, signal, usual);
  if (kind === "rate") {
    return {
      assumption,
      draw: (random, cohort, n) => ({
        signal,
        cohort,
        segment: "",
        n,
        sum: binomialFrom(random, n, levels[cohort]),
        bins: {},
      }),
    };
  }
  const pools = {
    baseline: poolOf(kind, levels.baseline, usual.spread),
    canary: poolOf(kind, levels.canary, usual.spread),
  };
  return {
    assumption,
    draw: (random, cohort, n) => ({ signal, cohort, segment: "", ...drawFrom(pools[cohort], random, n) }),
  };
};
