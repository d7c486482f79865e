import type { Rule } from "../../core/migration.ts";
import { seededRandom } from "../../core/seeded-random.ts";
import type { Verdict } from "../../core/verdict.ts";
import { createRuleDetector } from "../rule-detector.ts";
import { createSegmentValues } from "../segment-values.ts";
import { viewTick } from "../tick-view.ts";
import { assumedCalls, type DrawSample } from "./assumed-calls.ts";
import { leastCalls } from "./least-calls.ts";

/** How many canary calls a rule needs; null = more than `maxCalls`. */
export interface RulePower {
  /** Median until a breach, when the canary has gone 1.5 and 2 times as far as the rule allows. */
  readonly breachAt1_5: number | null;
  readonly breachAt2: number | null;
  /** Median until clear, when the canary is like the baseline. */
  readonly clear: number | null;
  /** The same in nine of ten cases. */
  readonly clearIn9of10: number | null;
  /** Before so many no test whatever is, see leastCalls; null where that is not known. */
  readonly least: number | null;
  /** What was assumed of the baseline, in words. */
  readonly assumption: string;
}

/** The traffic a power is worked out for. */
export interface PowerSettings {
  /** Canary share, 0-1. */
  readonly share: number;
  /** Canary calls an hour; sets how often a process starts anew. */
  readonly canaryCallsPerHour: number;
  /** Log e-value the rule has to reach. */
  readonly threshold: number;
  /** Where the search ends. Default 20,000 canary calls. */
  readonly maxCalls?: number;
  /** Simulated runs per figure, three times as many for a clear, whose slow cases are asked for. Default 7. */
  readonly runs?: number;
}

const HOUR_MS = 3_600_000;
const CALLS_PER_TICK = 20;

/** Canary calls until `outcome`, in one seeded run of the shipped judge; null when it does not come. */
const callsUntil = (
  rule: Rule,
  draw: DrawSample,
  outcome: Verdict["outcome"],
  seed: number,
  settings: PowerSettings,
): number | null => {
  const { share, canaryCallsPerHour, threshold, maxCalls = 20_000 } = settings;
  const random = seededRandom(seed);
  // A rule with `by` is judged in one segment; the power is that of the segment's own calls.
  const detector = createRuleDetector(
    { ...rule, by: null },
    { threshold, hasSegments: false, values: createSegmentValues() },
  );
  const tickMs = (CALLS_PER_TICK / canaryCallsPerHour) * HOUR_MS;
  const baselineCalls = Math.max(1, Math.round((CALLS_PER_TICK * (1 - share)) / share));
  for (let calls = 0, from = 0; calls < maxCalls; from += tickMs) {
    const samples = [draw(random, "canary", CALLS_PER_TICK), draw(random, "baseline", baselineCalls)];
    const tick = { migration: "power", from, to: from + tickMs, stage: 0, share, calls: [], samples };
    detector.step(tick, viewTick(tick), { isNewStage: from === 0, changed: [] });
    calls += CALLS_PER_TICK;
    if (detector.verdict("outcome").outcome === outcome) return calls;
  }
  return null;
};

const inOrder = (values: readonly (number | null)[]): readonly (number | null)[] =>
  [...values].sort((a, b) => (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY));

/** The value that a share `q` of the runs did not exceed. */
const quantileOf = (sorted: readonly (number | null)[], q: number): number | null =>
  sorted[Math.floor(q * sorted.length)] ?? null;

/**
 * How many calls a rule needs at a given traffic: the shipped detector on seeded, simulated calls of an ordinary baseline. Null for
 * `output_shape`, which has no limit to exceed. Deterministic.
 */
export const powerOf = (rule: Rule, settings: PowerSettings): RulePower | null => {
  if (rule.signal === "output_shape") return null;
  const { runs = 7 } = settings;
  const { signal } = rule;
  const figures = (factor: number, outcome: Verdict["outcome"], times: number): readonly (number | null)[] => {
    const { draw } = assumedCalls(rule, signal, factor);
    return inOrder(Array.from({ length: times }, (_, i) => callsUntil(rule, draw, outcome, i + 1, settings)));
  };
  const clear = figures(0, "clear", 3 * runs);
  return {
    breachAt1_5: quantileOf(figures(1.5, "breach", runs), 0.5),
    breachAt2: quantileOf(figures(2, "breach", runs), 0.5),
    clear: quantileOf(clear, 0.5),
    clearIn9of10: quantileOf(clear, 0.9),
    least: leastCalls(rule, settings.share),
    assumption: assumedCalls(rule, signal, 0).assumption,
  };
};
