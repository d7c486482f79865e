import { unreachable } from "../core/exhaustive.ts";
import { isDoubtReason } from "../core/undecided-reasons.ts";
import type { Needs, Onset, UndecidedReason } from "../core/verdict.ts";
import { MIN_CALLS_TO_BREACH, MIN_CALLS_TO_CLEAR, PASS_THRESHOLD } from "./plan.ts";
import type { SegmentReading } from "./rules/segment-detector.ts";

/** What is known of an undecided rule: the figures it shows, and how near it is. */
export interface Undecided {
  readonly reading: SegmentReading;
  /** The rule's evidence for a breach, over all its segments. */
  readonly logE: number;
  readonly threshold: number;
  readonly onset: Onset | null;
  /** The interval lies beyond the limit. */
  readonly isBeyond: boolean;
}

const HOUR_MS = 3_600_000;

/** Beyond so many times the calls seen a straight line says nothing. */
const FARTHEST = 100;

const perHour = (calls: number, { since, until }: SegmentReading): number | null =>
  since === undefined || until === undefined || until <= since || calls === 0
    ? null
    : (calls * HOUR_MS) / (until - since);

const orNone = (calls: number, seen: number): number | null =>
  calls <= FARTHEST * seen ? Math.max(seen + 1, Math.ceil(calls)) : null;

/** A log e-value grows with the calls in a straight line. */
const callsToClear = ({ n, logEPass }: SegmentReading): number | null => {
  if (logEPass >= PASS_THRESHOLD) return MIN_CALLS_TO_CLEAR;
  const calls = logEPass > 0 ? orNone((n.canary * PASS_THRESHOLD) / logEPass, n.canary) : null;
  return calls === null ? null : Math.max(MIN_CALLS_TO_CLEAR, calls);
};

/** It grows since the onset, whatever came before. */
const callsToBreach = ({ reading: { n }, logE, threshold, onset }: Undecided): number | null => {
  if (logE >= threshold) return Math.max(MIN_CALLS_TO_BREACH, n.canary + 1);
  if (logE <= 0) return null;
  const grownOver = onset?.n.canary ?? n.canary;
  const calls = orNone(n.canary + (grownOver * (threshold - logE)) / logE, n.canary);
  return calls === null ? null : Math.max(MIN_CALLS_TO_BREACH, calls);
};

/** Which way it goes: where the interval lies, or the evidence that is nearer to what is asked for. */
const looksBad = ({ reading, logE, threshold, isBeyond }: Undecided): boolean =>
  isBeyond || logE / threshold > Math.max(0, reading.logEPass / PASS_THRESHOLD);

const ofCanary = (undecided: Undecided): Needs => {
  const { reading } = undecided;
  const { canary } = reading.n;
  const isBad = looksBad(undecided);
  const fixed = isBad ? MIN_CALLS_TO_BREACH : MIN_CALLS_TO_CLEAR;
  const calls = (isBad ? callsToBreach(undecided) : callsToClear(reading)) ?? (canary < fixed ? fixed : null);
  return {
    ...{ towards: isBad ? "breach" : "clear", arm: "canary", seen: canary, calls },
    ...{ isEstimate: calls !== fixed, perHour: perHour(canary, reading) },
  };
};

const ofReference = ({ reading }: Undecided): Needs => ({
  ...{ towards: "reference", arm: "baseline", seen: reading.reference?.seen ?? reading.n.baseline },
  ...{ calls: reading.reference?.calls ?? null, isEstimate: false, perHour: perHour(reading.n.baseline, reading) },
});

/** What it takes until the rule is decided; null where calls settle nothing. */
export const needsOf = (why: UndecidedReason, undecided: Undecided): Needs | null => {
  if (isDoubtReason(why)) return null;
  switch (why) {
    case "no-data":
      return undecided.reading.n.canary === 0 ? ofCanary(undecided) : ofReference(undecided);
    case "baseline-warming-up":
      return ofReference(undecided);
    case "too-few":
    case "not-proven":
      return ofCanary(undecided);
    case "baseline-ill-too":
      return null;
    default:
      return unreachable(why);
  }
};
