import type { SignalName } from "../../core/signals.ts";
import type { Evidence } from "../../core/verdict.ts";
import type { SegmentView } from "../tick-view.ts";

/** What a test knows about the moment, beside the data. Nothing in it depends on the tick's own calls. */
export interface TickClock {
  /** Log-weight of alternatives that start in this tick (multi-start.ts). */
  readonly logWeight: number;
  /** True in the first tick of a stage, or of an arm's new history: totals, shares and pass processes begin anew. */
  readonly isNewStage: boolean;
  /** True in the first tick of a new history of the baseline: what is known of it begins anew, too. */
  readonly isNewBaseline?: boolean;
  /** Whole hours since the process began; references are renewed when it changes. */
  readonly hour: number;
  /** Canary share configured for the stage, 0-1. */
  readonly configuredShare: number;
  /** See Tick.designEffects; 1 where none is known. */
  readonly designEffectOf: (signal: SignalName) => number;
}

/** What a test can say after the ticks it has seen. The fields shared with Evidence mean the same there. */
export interface Reading
  extends Pick<
    Evidence,
    "method" | "logE" | "logEPass" | "n" | "events" | "value" | "limit" | "share" | "designEffect"
  > {
  /** Worked out on demand: it costs more than the test itself. */
  readonly interval: () => Evidence["interval"];
  /** Enough bad events to act on, whatever the e-value says. */
  readonly enough: boolean;
  /** The baseline has too few calls to place the reference. */
  readonly warmingUp: boolean;
  /** The baseline itself is beyond the limit. */
  readonly baselineIll: boolean;
}

/** One rule in one segment. Steps must come in order; anchors and shares use earlier ticks only. */
export interface SegmentDetector {
  readonly step: (view: SegmentView, clock: TickClock) => void;
  readonly reading: () => Reading;
}
