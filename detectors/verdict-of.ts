import type { Rule, RuleReference } from "../core/migration.ts";
import { OVERALL } from "../core/sample.ts";
import type { UndecidedReason, Verdict } from "../core/verdict.ts";
import { MIN_CALLS_TO_BREACH, MIN_CALLS_TO_CLEAR, PASS_THRESHOLD } from "./plan.ts";
import type { Reading } from "./rules/segment-detector.ts";
import { lae, lse } from "./stats/log-space.ts";

/** Stands for minus infinity in evidence, which JSON cannot carry. */
const LOWEST_LOG_E = -1e9;

/** How much of the evidence is worked out. */
export type Detail = "full" | "outcome";

/** What one segment's judge says, and which segment it is. */
export interface SegmentReading extends Reading {
  readonly segment: string;
}

/** Half of the wealth rides on all calls together, half on the mean of the segments. */
const combine = (readings: readonly SegmentReading[]): number => {
  const overall = readings.find((reading) => reading.segment === OVERALL);
  const segments = readings.filter((reading) => reading.segment !== OVERALL).map((reading) => reading.logE);
  const inSegments = segments.length > 0 ? lse(segments) - Math.log(segments.length) : null;
  if (overall === undefined) return inSegments ?? Number.NEGATIVE_INFINITY;
  return inSegments === null ? overall.logE : lae(overall.logE, inSegments) - Math.log(2);
};

/** Whether a rule can say nothing before the baseline has calls. */
const NEEDS_BASELINE: Readonly<Record<RuleReference, boolean>> = { baseline: true, projection: false, none: false };

const reasonFor = (rule: Rule, reading: SegmentReading): UndecidedReason => {
  if (reading.n.canary === 0 || (NEEDS_BASELINE[rule.reference] && reading.n.baseline === 0)) return "no-data";
  if (reading.warmingUp) return "baseline-warming-up";
  if (reading.baselineIll) return "baseline-ill-too";
  if (reading.n.canary < MIN_CALLS_TO_CLEAR) return "too-few";
  return "not-proven";
};

const NO_READING: SegmentReading = {
  segment: OVERALL,
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

const strongest = (readings: readonly SegmentReading[]): SegmentReading =>
  readings.reduce((a, b) => (b.logE > a.logE ? b : a), readings[0] ?? NO_READING);

/**
 * A rule's verdict from the readings of its segments; breach at a log e-value of `threshold`. Clear means clear
 * wherever the rule looks.
 */
export const verdictOf = (
  rule: Rule,
  threshold: number,
  readings: readonly SegmentReading[],
  detail: Detail,
): Verdict => {
  const logE = readings.length > 0 ? combine(readings) : 0;
  const worst = strongest(readings);
  const overall = readings.find((reading) => reading.segment === OVERALL) ?? worst;
  const isBreach = logE >= threshold && worst.enough && worst.n.canary >= MIN_CALLS_TO_BREACH;
  // Clear means clear everywhere the rule looks: overall, or in each of the segments a `by` rule names.
  const mustPass = rule.by === null ? [overall] : readings;
  const isClear =
    mustPass.length > 0 &&
    mustPass.every(
      (reading) => reading.logEPass >= PASS_THRESHOLD && reading.n.canary >= MIN_CALLS_TO_CLEAR && !reading.warmingUp,
    );
  const shown = isBreach ? worst : overall;
  const { segment, method, n, events, value, limit, share, designEffect } = shown;
  const logEPass = mustPass.length > 0 ? Math.min(...mustPass.map((reading) => reading.logEPass)) : 0;
  const evidence = {
    method,
    segment,
    parts: readings.map((reading) => ({ segment: reading.segment, logE: Math.max(LOWEST_LOG_E, reading.logE) })),
    n,
    events,
    value,
    interval: detail === "full" ? shown.interval() : null,
    limit,
    share,
    designEffect,
    threshold,
    logE: Math.max(LOWEST_LOG_E, logE),
    logEPass: Math.max(LOWEST_LOG_E, logEPass),
    passThreshold: PASS_THRESHOLD,
  };
  const base = { rule: rule.id, severity: rule.severity, evidence };
  if (isBreach) return { ...base, outcome: "breach" };
  if (isClear) return { ...base, outcome: "clear" };
  return { ...base, outcome: "undecided", why: reasonFor(rule, overall) };
};
