import type { Rule, RuleReference } from "../core/migration.ts";
import { OVERALL } from "../core/sample.ts";
import { valueUnit } from "../core/value-unit.ts";
import type { Evidence, UndecidedReason, Verdict } from "../core/verdict.ts";
import { needsOf } from "./needs-of.ts";
import { MIN_CALLS_TO_BREACH, MIN_CALLS_TO_CLEAR, PASS_THRESHOLD } from "./plan.ts";
import type { RestReading } from "./rest-detector.ts";
import type { SegmentReading } from "./rules/segment-detector.ts";
import { lae, lse } from "./stats/log-space.ts";

/** Where nothing was bet on yet the e-value is 1: neither minus infinity, which JSON cannot carry, nor a number for it. */
const weighed = (logE: number): number => (Number.isFinite(logE) ? logE : 0);

/** How much of the evidence is worked out. */
export type Detail = "full" | "outcome";

/** What a breach takes. */
export interface BreachSettings {
  /** Log e-value from which on it is one. */
  readonly threshold: number;
  /** Half of the wealth waits for segments, whether any was seen yet or not. */
  readonly hasSegments: boolean;
  /** Log e-value of all segments together, of a rule with `by` that has one. Default: none. */
  readonly pooled?: number | null;
  /** False while nobody is to get the candidate: then it is the baseline that is waited for. Default: true. */
  readonly isServed?: boolean;
}

/** Part of the wealth of a rule with `by` that rides on all of its segments together. */
const POOLED = 1 / 3;

/** Half of the wealth rides on all calls together, half on the segments, each with its weight. */
const combine = (readings: readonly SegmentReading[], { hasSegments, pooled = null }: BreachSettings): number => {
  const overall = readings.find((reading) => reading.segment === OVERALL);
  const segments = readings.filter((reading) => reading.segment !== OVERALL);
  const inSegments = lse(segments.map(({ logE, weight }) => logE + Math.log(weight)));
  if (overall === undefined) {
    return pooled === null || pooled === Number.NEGATIVE_INFINITY
      ? inSegments + (pooled === null ? 0 : Math.log(1 - POOLED))
      : lae(pooled + Math.log(POOLED), inSegments + Math.log(1 - POOLED));
  }
  return segments.length === 0 && !hasSegments ? overall.logE : lae(overall.logE, inSegments) - Math.log(2);
};

/** Whether a rule can say nothing before the baseline has calls. */
const NEEDS_BASELINE: Readonly<Record<RuleReference, boolean>> = { baseline: true, projection: false, none: false };

const reasonFor = (rule: Rule, reading: SegmentReading, isServed: boolean): UndecidedReason => {
  if (!isServed && reading.warmingUp && reading.n.baseline > 0) return "baseline-warming-up";
  if (reading.n.canary === 0 || (NEEDS_BASELINE[rule.reference] && reading.n.baseline === 0)) return "no-data";
  if (reading.warmingUp) return "baseline-warming-up";
  if (reading.baselineIll) return "baseline-ill-too";
  if (reading.n.canary < MIN_CALLS_TO_CLEAR) return "too-few";
  return "not-proven";
};

/** What a segment's judge says, and what it says without the heaviest users; null or missing where nobody is heavy. */
export interface JudgedSegment extends SegmentReading {
  readonly rest?: RestReading | null;
}

/** Log e-value from which on the calls without the heaviest say the same: one in twenty at most does by chance. */
const AGREES = Math.log(20);

/** What the breach is worth without the heaviest user of each segment in which there is one; null where there is none. */
const restOf = (worst: JudgedSegment, readings: readonly JudgedSegment[], settings: BreachSettings) => {
  const { rest } = worst;
  if (rest === undefined || rest === null || rest.removed.length === 0) return null;
  const without = readings.map((reading) => ({ ...reading, logE: reading.rest?.logE ?? reading.logE }));
  const agrees = Math.max(combine(without, { ...settings, pooled: null }), rest.logE) >= AGREES;
  const { removed, logE, n, value, limit } = rest;
  return { removed, agrees, logE: weighed(logE), n, value, limit };
};

const NO_READING: JudgedSegment = {
  ...{ segment: OVERALL, weight: 1, isWaitedFor: true },
  method: "none",
  logE: 0,
  logEPass: 0,
  n: { canary: 0, baseline: 0 },
  events: null,
  value: { canary: null, baseline: null },
  interval: () => null,
  limit: null,
  share: 0,
  designEffect: 1,
  enough: false,
  warmingUp: false,
  baselineIll: false,
};

const isPassed = (reading: SegmentReading): boolean =>
  reading.logEPass >= PASS_THRESHOLD && reading.n.canary >= MIN_CALLS_TO_CLEAR && !reading.warmingUp;

/** What is farthest from clear of what keeps a rule from it: there it is held, or goes wrong. */
const heldBy = (readings: readonly SegmentReading[]): SegmentReading | undefined =>
  readings
    .filter((reading) => !isPassed(reading))
    .toSorted((a, b) => a.logEPass - b.logEPass || a.n.canary - b.n.canary)[0];

const strongest = (readings: readonly JudgedSegment[]): JudgedSegment =>
  readings.reduce((a, b) => (b.logE > a.logE ? b : a), readings[0] ?? NO_READING);

/** Beyond the limit on the side of the harm; of a rule in either direction, on the side that limit is on. */
const liesBeyond = ({ direction }: Rule, { limit, value }: SegmentReading, interval: Evidence["interval"]): boolean => {
  if (interval === null || limit === null) return false;
  const isAbove = limit >= (value.baseline ?? 0);
  return direction === "increase" || (direction === "either" && isAbove)
    ? interval.lower > limit
    : interval.upper < limit;
};

/** The figures of one segment, as evidence has them. */
const figuresOf = (rule: Rule, shown: SegmentReading, detail: Detail) => {
  const { segment, method, n, events, value, limit, share, designEffect, since, until } = shown;
  const interval = detail === "full" ? shown.interval() : null;
  const onset = detail === "full" ? (shown.onset?.() ?? null) : null;
  return {
    ...{ method, segment, unit: valueUnit(rule), n, events, value, interval, limit, share, designEffect },
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(liesBeyond(rule, shown, interval) ? { beyond: true as const } : {}),
    ...(onset === null ? {} : { onset }),
  };
};

/** A rule's verdict from the readings of its segments. Clear means clear wherever the rule looks. */
export const verdictOf = (
  rule: Rule,
  settings: BreachSettings,
  readings: readonly JudgedSegment[],
  detail: Detail,
): Verdict => {
  const { threshold } = settings;
  const logE = readings.length > 0 ? combine(readings, settings) : 0;
  const worst = strongest(readings);
  const overall = readings.find((reading) => reading.segment === OVERALL) ?? worst;
  const isBreach = logE >= threshold && worst.enough && worst.n.canary >= MIN_CALLS_TO_BREACH;
  // Clear means clear everywhere the rule looks: overall, or in each of the segments a `by` rule names.
  const mustPass = rule.by === null ? [overall] : readings.filter(({ isWaitedFor }) => isWaitedFor);
  const isClear = mustPass.length > 0 && mustPass.every(isPassed);
  // Not of a segment that a clear does not wait for: it may have no call at all.
  const shown = isBreach ? worst : (heldBy(mustPass) ?? (isClear ? strongest(mustPass) : overall));
  const logEPass = mustPass.length > 0 ? Math.min(...mustPass.map((reading) => reading.logEPass)) : 0;
  const withoutHeaviest = isBreach ? restOf(worst, readings, settings) : null;
  const evidence: Evidence = {
    ...figuresOf(rule, shown, detail),
    ...(rule.by === null ? {} : { segments: { all: mustPass.length, clear: mustPass.filter(isPassed).length } }),
    parts: readings.map((reading) => ({
      ...{ segment: reading.segment, logE: weighed(reading.logE) },
      ...(reading.segment === OVERALL ? {} : { weight: reading.weight }),
    })),
    threshold,
    logE: weighed(logE),
    logEPass: weighed(logEPass),
    passThreshold: PASS_THRESHOLD,
    ...(withoutHeaviest === null ? {} : { withoutHeaviest }),
  };
  const base = { rule: rule.id, severity: rule.severity, evidence };
  if (isBreach) return { ...base, outcome: "breach" };
  if (isClear) return { ...base, outcome: "clear" };
  const why = reasonFor(rule, shown, settings.isServed ?? true);
  const { onset = null, beyond = false } = evidence;
  const needs = needsOf(why, { reading: shown, logE: evidence.logE, threshold, onset, isBeyond: beyond });
  return { ...base, outcome: "undecided", why, ...(needs === null ? {} : { needs }) };
};
