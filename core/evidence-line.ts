import type { Arm } from "./cohort.ts";
import { countText } from "./count-text.ts";
import { figure } from "./figure.ts";
import { heaviestText } from "./heaviest-text.ts";
import { utcMinute } from "./utc-text.ts";
import type { Evidence, Onset } from "./verdict.ts";

/** Figures that one line is made of: those of the stage, or of a stretch of it. */
type Figures = Pick<Onset, "n" | "events" | "value" | "limit">;

/** From this share of the canary's calls on a stretch says nothing the stage does not. */
const SAME_CALLS = 0.9;
/** Nor does one whose value is as near to the stage's. */
const SAME_VALUE = 0.02;

/** Of a share its events as well; those of a quantile are the calls beyond it, and belong to no value. */
const callsText = (arm: Arm, { n, events }: Figures, unit: string): string =>
  events === null || unit !== "share"
    ? `${countText(n[arm])} calls`
    : `${countText(events[arm])} of ${countText(n[arm])} calls`;

/** An arm's value and the calls it is made of: `19.7% (31 of 157 calls)`, `1.52 s (157 calls)`; only the calls without one. */
export const armText = (arm: Arm, figures: Figures, unit: string): string =>
  figures.value[arm] === null
    ? `unknown (${callsText(arm, figures, unit)})`
    : `${figure(figures.value[arm], unit)} (${callsText(arm, figures, unit)})`;

const comparison = (figures: Figures, unit: string, since = ""): string => {
  return `canary ${armText("canary", figures, unit)}${since}, limit ${figure(figures.limit, unit)}, baseline ${armText("baseline", figures, unit)}`;
};

const isLike = (a: number | null, b: number | null): boolean =>
  a !== null && b !== null && Math.abs(a - b) <= SAME_VALUE * Math.abs(b);

/** The stretch since when it looks like a breach, where that is not the stage itself; null otherwise. */
export const onsetOf = ({ onset, n, value }: Evidence): Onset | null => {
  if (onset === undefined) return null;
  // One that began in an earlier stage has its own calls.
  const isOfStage = onset.n.canary <= n.canary;
  const isAll = onset.n.canary >= SAME_CALLS * n.canary || isLike(onset.value.canary, value.canary);
  return isOfStage && isAll ? null : onset;
};

/** A moment for a line that is read on its own: `2026-01-02 03:04 UTC`. */
export const momentText = (at: number): string => `${utcMinute(at)} UTC`;

/** Since when the harm is there: the onset, or the begin of what was counted; null in evidence of earlier versions. */
export const harmSince = (evidence: Evidence): number | null => onsetOf(evidence)?.since ?? evidence.since ?? null;

const sinceText = (at: number | null): string => (at === null ? "" : ` since ${momentText(at)}`);

/** The canary's interval in words; null where the method has none. */
export const intervalText = ({ interval }: Pick<Evidence, "interval">, unit: string): string | null =>
  interval === null ? null : `${figure(interval.lower, unit)} to ${figure(interval.upper, unit)}`;

/**
 * What was seen of a rule, in one line: value against limit and baseline, over which calls, since when. Where healthy
 * hours came before, those of the stretch come first and those of the whole stage behind.
 */
export const evidenceLine = (evidence: Evidence, unit: string): string => {
  const range = intervalText(evidence, unit);
  const interval = range === null ? "" : `; 99% interval of the canary ${range}`;
  const onset = onsetOf(evidence);
  if (onset === null) return `${comparison(evidence, unit, sinceText(harmSince(evidence)))}${interval}`;
  return `${comparison(onset, unit, sinceText(onset.since))}; this stage in all ${comparison(evidence, unit)}${interval}`;
};

const ownRemark = (evidence: Evidence, unit: string): string | null => {
  if (evidence.seen !== undefined) return evidence.seen;
  if (onsetOf(evidence) !== null) return evidenceLine(evidence, unit);
  const since = harmSince(evidence);
  return since === null ? null : `since ${momentText(since)}`;
};

/**
 * What a table row does not say of a breach: what was seen in words, the stretch that healthy hours dilute, or at least
 * since when; null in evidence of earlier versions.
 */
export const breachRemark = (evidence: Evidence, unit: string): string | null => {
  const heaviest = heaviestText(evidence);
  const own = ownRemark(evidence, unit);
  return own === null || heaviest === null ? (heaviest ?? own) : `${own}; ${heaviest}`;
};
