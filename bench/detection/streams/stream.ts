import type { Arm } from "../../../core/cohort.ts";
import type { Sample } from "../../../core/sample.ts";
import { binomialFrom } from "../../../core/seeded-random.ts";
import { type SignalName, signalOf } from "../../../core/signals.ts";
import type { Distribution } from "./distribution.ts";

/** What one arm showed in one minute; the sample's words. */
export type ArmMinute = Pick<Sample, "n" | "sum" | "bins">;

/** Both arms in one minute, or in a part of it. */
export type Minute = Readonly<Record<Arm, ArmMinute>>;

/** Calls of each arm. */
export type Calls = Readonly<Record<Arm, number>>;

/** A seeded stream of one signal: what so many calls of a minute showed. */
export interface Stream {
  readonly signal: SignalName;
  readonly at: (random: () => number, minute: number, calls: Calls) => Minute;
}

/** Calls a minute of every scenario: the canary has 5% of 400. */
export const CALLS: Calls = { canary: 20, baseline: 380 };

/** Canary share of the calls. */
export const SHARE = 0.05;

/** A rate per minute for each arm. */
export const rates = (
  signal: SignalName,
  canary: (minute: number) => number,
  baseline: (minute: number) => number,
): Stream => {
  const draw = (random: () => number, n: number, p: number): ArmMinute => ({
    n,
    sum: binomialFrom(random, n, p),
    bins: {},
  });
  return {
    signal,
    at: (random, minute, calls) => ({
      canary: draw(random, calls.canary, canary(minute)),
      baseline: draw(random, calls.baseline, baseline(minute)),
    }),
  };
};

/** Values, scores or labels, a distribution per minute for each arm. */
export const drawn = (
  signal: SignalName,
  canary: (minute: number) => Distribution,
  baseline: (minute: number) => Distribution,
): Stream => {
  const isLabel = signalOf(signal).kind === "category";
  const draw = (random: () => number, n: number, from: Distribution): ArmMinute => {
    const { bins, sum } = from.draw(random, n);
    return { n, sum: isLabel ? 0 : sum, bins };
  };
  return {
    signal,
    at: (random, minute, calls) => ({
      canary: draw(random, calls.canary, canary(minute)),
      baseline: draw(random, calls.baseline, baseline(minute)),
    }),
  };
};
