import type { DrainOverdueReason, Exposure } from "../core/ledger.ts";

/** What the proof rests on. Times are epoch ms. */
export interface DrainInput {
  /** When the flag was confirmed to serve less. */
  readonly flippedAt: number;
  readonly now: number;
  /**
   * Measurements since the flip. One must start at `flippedAt`, so that every canary call after it is counted; the
   * proof itself needs one that starts at `measureFrom` of the last answer.
   */
  readonly exposures: readonly Exposure[];
  /** Canary share of the traffic before the flip, 0-1: better the realised than the configured one. */
  readonly shareBefore: number;
}

/** Settings of the proof. */
export interface DrainSettings {
  /**
   * How long a canary call may take to end and to arrive, ms. A slow canary call that is still running is invisible
   * while fast baseline calls are already counted, so the last `settleMs` of a window prove nothing. Default 2 s;
   * use the canary's p99 latency where that is longer.
   */
  readonly settleMs: number;
  /** How long clients may keep the old flag, ms: the refresh interval of their SDK. Default 0 (OFREP asks each time). */
  readonly propagationMs: number;
  /** Without proof this long after the flip it is an incident of its own, ms. Default 60 s. */
  readonly overdueMs: number;
  /** Probability of ever calling a drain proven while the canary still has its share. Default 0.001. */
  readonly maxProbability: number;
  /** Baseline calls without which nothing is proven, whatever the formula says. Default 20. */
  readonly minBaselineCalls: number;
}

/** The defaults of {@link DrainSettings}. */
export const DRAIN_DEFAULTS: DrainSettings = {
  settleMs: 2_000,
  propagationMs: 0,
  overdueMs: 60_000,
  maxProbability: 0.001,
  minBaselineCalls: 20,
};

/** Whether canary traffic stopped. `measureFrom` is where the next clean window has to start. */
export type DrainState =
  | { readonly state: "draining"; readonly measureFrom: number }
  | {
      readonly state: "proven";
      /** Start of the last canary call after the flip; null = there was none. */
      readonly lastCanaryStart: number | null;
      readonly provenAt: number;
      /** (1 - w)^n of the window that proved it. */
      readonly probability: number;
      readonly exposure: Exposure;
    }
  | {
      readonly state: "overdue";
      readonly reason: DrainOverdueReason;
      /** Processes that sent canary calls after the flip, as last measured. */
      readonly instances: readonly string[];
      readonly measureFrom: number;
      /** The newest measurement that shows it; null when nothing was measured. */
      readonly exposure: Exposure | null;
    };

/** Natural log of (1 - w)^n, the chance of n calls without a canary call. w is kept off 0 and 1, where it says nothing. */
const logMiss = (share: number, calls: number): number => calls * Math.log1p(-Math.min(0.999, Math.max(0.001, share)));

/** Baseline calls of the part of the window in which every canary call would have been seen by now. */
const countingCalls = (exposure: Exposure, from: number, settleMs: number): number => {
  const visible = exposure.until - settleMs - Math.max(exposure.since, from);
  const length = exposure.until - exposure.since;
  return visible > 0 && length > 0 ? Math.floor(exposure.baselineCalls * Math.min(1, visible / length)) : 0;
};

const newest = (exposures: readonly Exposure[]): Exposure | null =>
  exposures.reduce<Exposure | null>((best, e) => (best === null || e.until >= best.until ? e : best), null);

interface Reading {
  readonly lastCanaryStart: number | null;
  readonly measureFrom: number;
  /** Windows without a canary call since the last one. */
  readonly clean: readonly Exposure[];
}

const readExposures = ({ flippedAt, exposures }: DrainInput, propagationMs: number): Reading => {
  const starts = exposures.flatMap((e) => (e.lastCanaryStart === null ? [] : [e.lastCanaryStart]));
  const last = starts.length > 0 ? Math.max(...starts) : null;
  const measureFrom = Math.max(flippedAt + propagationMs, last === null ? flippedAt : Math.floor(last) + 1);
  const clean = exposures.filter(
    (e) => e.canaryCalls === 0 && e.since >= flippedAt && (last === null || e.since > last),
  );
  return { lastCanaryStart: last, measureFrom, clean };
};

const overdueReason = (exposures: readonly Exposure[], clean: readonly Exposure[]): DrainOverdueReason => {
  if (exposures.length === 0) return "not-measured";
  if (clean.length === 0) return "canary-calls";
  return clean.some((e) => e.baselineCalls > 0) ? "too-little-traffic" : "no-traffic";
};

/**
 * Decides from the spans whether canary traffic stopped after a flip. Pure.
 *
 * Proven: since the last canary call (or the flip) there is a window with no canary call and n baseline calls such
 * that, had the canary still its share w, a window like that would have come by chance with probability
 * (1 - w)^n <= maxProbability / ((k + 1)(k + 2)), where k = canary calls seen after the flip. Each of them starts the
 * window anew, and every new start is a new chance to be fooled; the shares 1/2, 1/6, 1/12, … of the budget sum to 1,
 * so the probability of EVER proving a drain that did not happen is at most maxProbability, however often one looks.
 * One fixed threshold has no such bound: it grows with every canary call, and is 0.3% after one simulated minute of
 * 20 calls a second at 5%.
 *
 * No traffic proves nothing. Sticky flags make calls of one user alike, so w stands for independent calls: few users
 * with many calls each weaken the figure. After `overdueMs` the answer is `overdue`; it can still become `proven`.
 */
export const drainState = (input: DrainInput, settings: Partial<DrainSettings> = {}): DrainState => {
  const s = { ...DRAIN_DEFAULTS, ...settings };
  const { lastCanaryStart, measureFrom, clean } = readExposures(input, s.propagationMs);
  const k = Math.max(0, ...input.exposures.map((e) => e.canaryCalls));
  const bar = Math.log(s.maxProbability) - Math.log((k + 1) * (k + 2));
  for (const exposure of clean) {
    const calls = countingCalls(exposure, measureFrom, s.settleMs);
    const log = logMiss(input.shareBefore, calls);
    if (calls >= s.minBaselineCalls && log <= bar) {
      return { state: "proven", lastCanaryStart, provenAt: input.now, probability: Math.exp(log), exposure };
    }
  }
  if (input.now < input.flippedAt + s.overdueMs) return { state: "draining", measureFrom };
  const withCanary = newest(input.exposures.filter((e) => e.canaryCalls > 0));
  const reason = overdueReason(input.exposures, clean);
  const exposure = reason === "canary-calls" ? (withCanary ?? newest(input.exposures)) : newest(clean);
  return { state: "overdue", reason, instances: withCanary?.instances ?? [], measureFrom, exposure };
};

/**
 * Baseline calls a clean window needs after `canaryCalls` calls of the canary since the flip, for showing people how
 * far the proof is.
 */
export const callsNeeded = (
  shareBefore: number,
  canaryCalls: number,
  settings: Partial<DrainSettings> = {},
): number => {
  const { maxProbability, minBaselineCalls } = { ...DRAIN_DEFAULTS, ...settings };
  const bar = Math.log(maxProbability) - Math.log((canaryCalls + 1) * (canaryCalls + 2));
  return Math.max(minBaselineCalls, Math.ceil(bar / logMiss(shareBefore, 1)));
};
