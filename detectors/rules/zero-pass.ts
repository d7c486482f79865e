import { ZERO_BUCKET } from "../../core/histogram.ts";
import type { MeasuredKind, SignalName } from "../../core/signals.ts";
import { oneSampleIncrements } from "../stats/one-sample.ts";
import type { ArmPair, ArmSample } from "../tick-view.ts";
import { createPassProcess } from "./evidence-process.ts";
import type { TickClock } from "./segment-detector.ts";

/** A share of calls that is as good as none: of a baseline that is zero there is no share to compare with. */
const AS_GOOD_AS_NONE = 0.002;

const ZERO_BIN: Readonly<Record<"score" | "value", string>> = { score: "0", value: String(ZERO_BUCKET) };

/** Calls whose value is not zero; values below zero count as zero, as in every histogram. */
const nonZeroOf = (kind: MeasuredKind, { n, sum, bins }: ArmSample): number =>
  kind === "rate" ? sum : n - (bins[ZERO_BIN[kind]] ?? 0);

/**
 * The pass that is left where every baseline call is zero: a share of zero is no limit that anything can be proven to lie
 * below. What can be proven is that less than one call in 500 is not zero.
 */
export interface ZeroPass {
  readonly step: (pair: ArmPair, clock: TickClock) => void;
  /**
   * Log e-value for "a rise (up), or a fall (down), does not matter"; null as soon as a baseline call was not zero. There
   * is a rise as soon as a canary call is not zero; of a baseline that is as good as zero nothing can be lost.
   */
  readonly logE: (harm: "up" | "down") => number | null;
  /** Canary calls of the stage that are not zero. */
  readonly canaryEvents: () => number;
}

/** A pass of `signal` that has seen nothing; it is asked about these harms alone. */
export const createZeroPass = (signal: SignalName, kind: MeasuredKind, harms: readonly ("up" | "down")[]): ZeroPass => {
  const processes = { up: createPassProcess(signal), down: createPassProcess(signal) };
  let [known, events] = [0, 0];
  return {
    step: ({ canary, baseline }, clock) => {
      if (clock.isNewStage) events = 0;
      if (clock.isNewBaseline === true) known = 0;
      const [ofCanary, ofBaseline] = [nonZeroOf(kind, canary), nonZeroOf(kind, baseline)];
      events += ofCanary;
      known += ofBaseline;
      // From now on nobody asks, until all begins anew.
      if (known > 0) return;
      if (harms.includes("up")) processes.up.step(oneSampleIncrements(ofCanary, canary.n, AS_GOOD_AS_NONE, -1), clock);
      if (harms.includes("down"))
        processes.down.step(oneSampleIncrements(ofBaseline, baseline.n, AS_GOOD_AS_NONE, -1), clock);
    },
    logE: (harm) => (known > 0 || (harm === "up" && events > 0) ? null : processes[harm].logE()),
    canaryEvents: () => events,
  };
};
