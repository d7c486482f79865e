import type { SignalName } from "../../core/signals.ts";
import type { Evidence, Onset } from "../../core/verdict.ts";
import type { GridVector } from "../stats/grid.ts";
import type { SegmentView } from "../tick-view.ts";

/** What a test knows about the moment, beside the data. Nothing in it depends on the tick's own calls. */
export interface TickClock {
  /** Log-weight of alternatives that start in this tick (multi-start.ts). */
  readonly logWeight: number;
  /** True in the first tick of a stage, or of an arm's new history: totals, shares and pass processes begin anew. */
  readonly isNewStage: boolean;
  /** True in the first tick of a stage that came after another one, of arms that are still what they were. */
  readonly isLaterStage?: boolean;
  /** True in the first tick of a new history of the baseline: what is known of it begins anew, too. */
  readonly isNewBaseline?: boolean;
  /** Start of the tick, epoch ms. */
  readonly from: number;
  /** Whole hours since the process began; references are renewed when it changes. */
  readonly hour: number;
  /**
   * There is no baseline any more, in all calls: what says a number is judged on the canary alone. A segment in which
   * only the canary has calls is none such: whoever is in it is in that arm.
   */
  readonly isAlone?: boolean;
  /** False where the candidate answers nobody by plan: calls of the baseline wait for no counterpart. Left out = true. */
  readonly isServed?: boolean;
  /** Takes in what a judge bets on each of its sides, for evidence that all segments of a rule make up together. */
  readonly pool?: (side: number, increments: GridVector, share: number) => void;
  /** Calls of the tick in the segment, of both arms, that carry the rule's signal. Default: 0. */
  readonly calls?: number;
  /** Design effect of evidence that `calls` calls of both arms make up; see likeness.ts. */
  readonly designEffectOf: (signal: SignalName, calls: number) => number;
}

/** What a test can say after the ticks it has seen. The fields shared with Evidence mean the same there. */
export interface Reading
  extends Pick<
    Evidence,
    "method" | "logE" | "logEPass" | "n" | "events" | "value" | "limit" | "share" | "designEffect"
  > {
  /** Worked out on demand: it costs more than the test itself. */
  readonly interval: () => Evidence["interval"];
  /** Since when it looks like a breach; null where nothing does. Worked out on demand. Missing = the method cannot tell. */
  readonly onset?: () => Onset | null;
  /** Baseline calls the reference is placed with, and how many are known; missing where the rule has no use for any. */
  readonly reference?: { readonly seen: number; readonly calls: number };
  /** Enough bad events to act on, whatever the e-value says. */
  readonly enough: boolean;
  /** The baseline has too few calls to place the reference. */
  readonly warmingUp: boolean;
  /** The baseline itself is beyond the limit. */
  readonly baselineIll: boolean;
}

/** What one segment's judge says, and which segment it is. */
export interface SegmentReading extends Reading {
  readonly segment: string;
  /** Part of the wealth of the segments, 0-1; 1 for all calls. */
  readonly weight: number;
  /** False where a clear need not wait for it: next to nobody is in the segment. */
  readonly isWaitedFor: boolean;
  /** Begin of the first tick and end of the last one that `n` counts, epoch ms; missing before the first. */
  readonly since?: number;
  readonly until?: number;
}

/** One rule in one segment. Steps must come in order; anchors and shares use earlier ticks only. */
export interface SegmentDetector {
  readonly step: (view: SegmentView, clock: TickClock) => void;
  readonly reading: () => Reading;
}
