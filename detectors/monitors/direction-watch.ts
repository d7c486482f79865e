import type { Drift, IdentityChange, WatchedSignal } from "../../core/monitor.ts";
import { expit, logit } from "../stats/log-space.ts";
import type { Sign } from "../stats/one-sample.ts";
import { type ChangeProcess, changeOf, createChangeProcess, evidenceOf, stepChange } from "./change-process.ts";
import { driftOf } from "./drift-of.ts";
import { type Expectation, shownClip } from "./expectation.ts";
import { beyond, isShare, levelOf, NO_CLIP } from "./level.ts";
import { testIncrements } from "./level-test.ts";
import { HOUR_MS } from "./profile.ts";
import { type Totals, valuesOf } from "./totals.ts";

/** An alarm that stands: plain data. */
export interface OpenDrift {
  drift: Drift;
  /** What was expected when the alarm was raised: what a recovery is measured by. */
  readonly expectation: Expectation;
  /**
   * The largest value since, in the unit: who is said to be back is so with what ran away counted. Absent without a mean, and
   * in what earlier versions stored.
   */
  largest?: number;
  /** Looks for the way back. */
  back: ChangeProcess;
  /** Looks for more of the same. */
  further: ChangeProcess;
}

/** One signal of one series, looked at in one direction: plain data. */
export interface DirectionWatch {
  readonly direction: "increase" | "drop";
  running: ChangeProcess;
  open: OpenDrift | null;
}

/** One slice, as a direction needs it. */
export interface WatchedSlice {
  readonly series: string;
  readonly from: number;
  readonly to: number;
  readonly calls: Readonly<Totals>;
  readonly designEffect: number;
  readonly threshold: number;
  /** Identities that changed about `since`. */
  readonly changedAround: (since: number) => readonly IdentityChange[];
}

/** What one slice brought about; null = nothing. */
export type DirectionEvent =
  | { readonly kind: "drift" | "further"; readonly drift: Drift }
  | { readonly kind: "recovered"; readonly drift: Drift; readonly at: number; readonly value: number };

/** A watch that has seen nothing. */
export const createDirectionWatch = (direction: "increase" | "drop"): DirectionWatch => ({
  direction,
  running: createChangeProcess(),
  open: null,
});

const signOf = (direction: "increase" | "drop"): Sign => (direction === "increase" ? 1 : -1);

const against = (sign: Sign): Sign => (sign === 1 ? -1 : 1);

const feed = (
  running: ChangeProcess,
  signal: WatchedSignal,
  expectation: Expectation,
  limit: number,
  sign: Sign,
  { from, to, calls, designEffect }: WatchedSlice,
): number => {
  const increments = testIncrements(signal, expectation, limit, sign, calls);
  const callsPerHour = (calls.n * HOUR_MS) / (to - from);
  stepChange(running, increments, designEffect + callsPerHour * expectation.sharedByHour, { at: from, calls });
  return evidenceOf(running);
};

/** Half-way between the limit and what was seen: who comes back beyond it has left the change behind. */
const halfWay = (signal: WatchedSignal, limit: number, seen: number): number =>
  isShare(signal)
    ? expit((logit(limit) + logit(Math.min(0.9999, Math.max(0.0001, seen)))) / 2)
    : Math.sqrt(limit * seen);

const alarm = (
  running: ChangeProcess,
  signal: WatchedSignal,
  expectation: Expectation,
  limit: number,
  direction: "increase" | "drop",
  { series, to: at, designEffect, threshold, changedAround }: WatchedSlice,
): Drift | null => {
  const change = changeOf(running);
  if (change === null) return null;
  const facts = { series, direction, at, logE: evidenceOf(running), threshold, designEffect, limit };
  return driftOf(signal, expectation, change, { ...facts, changed: changedAround(change.since) });
};

const stepClosed = (
  watch: DirectionWatch,
  signal: WatchedSignal,
  expectation: Expectation,
  slice: WatchedSlice,
): DirectionEvent | null => {
  const { direction } = watch;
  const limit = expectation.limit[direction];
  if (limit === null) return null;
  const evidence = feed(watch.running, signal, expectation, limit, signOf(direction), slice);
  if (evidence < slice.threshold) return null;
  const drift = alarm(watch.running, signal, expectation, limit, direction, slice);
  const since = changeOf(watch.running)?.calls ?? slice.calls;
  watch.running = createChangeProcess();
  if (drift === null) return null;
  const largest = Math.min(largestOf(since), shownClip(expectation));
  watch.open = { drift, expectation, largest, back: createChangeProcess(), further: createChangeProcess() };
  return { kind: "drift", drift };
};

const largestOf = (calls: Readonly<Totals>): number =>
  valuesOf(calls).reduce((high, [value, count]) => (count > 0 && value > high ? value : high), 0);

const stepBack = (
  watch: DirectionWatch,
  open: OpenDrift,
  signal: WatchedSignal,
  slice: WatchedSlice,
): DirectionEvent | null => {
  const { drift, expectation } = open;
  const limit = halfWay(signal, drift.limit, drift.seen);
  open.largest = Math.max(open.largest ?? 0, Math.min(largestOf(slice.calls), shownClip(expectation)));
  const wide: Expectation = { ...expectation, clip: Math.max(expectation.clip, open.largest) };
  const evidence = feed(open.back, signal, wide, limit, against(signOf(watch.direction)), slice);
  if (evidence < slice.threshold) return null;
  const value = levelOf(signal, changeOf(open.back)?.calls ?? slice.calls, expectation.clip);
  watch.open = null;
  return { kind: "recovered", drift, at: slice.to, value: value ?? drift.expected };
};

/** Above a wider clip lies at most what lay above the highest. */
const highest = ({ lifts }: Expectation): Pick<Expectation, "lifts"> =>
  lifts === undefined ? {} : { lifts: lifts.map(() => Math.max(...lifts)) };

const stepFurther = (
  watch: DirectionWatch,
  open: OpenDrift,
  signal: WatchedSignal,
  slice: WatchedSlice,
): DirectionEvent | null => {
  const { direction } = watch;
  const { expectation, drift } = open;
  const limit = beyond(signal, drift.seen, Math.max(expectation.margin, FURTHER), direction);
  if (limit === null) return null;
  // What was clipped as absurd before the change may be usual after it.
  const wider: Expectation = {
    ...expectation,
    clip: Math.max(expectation.clip === NO_CLIP ? 0 : expectation.clip, 3 * drift.seen),
    ...highest(expectation),
  };
  if (feed(open.further, signal, wider, limit, signOf(direction), slice) < slice.threshold) return null;
  const found = alarm(open.further, signal, wider, limit, direction, slice);
  open.further = createChangeProcess();
  if (found === null) return null;
  open.drift = { ...found, since: drift.since, expected: drift.expected, limit: drift.limit };
  open.back = createChangeProcess();
  return { kind: "further", drift: { ...found, expected: drift.expected } };
};

/** A change that stands is told again when it has grown by half at least: its first estimate rests on few calls. */
const FURTHER = 0.5;

/** Two tests instead of one while an alarm stands: each gets half of the false alarms. */
const SHARED: number = Math.log(2);

/** Takes one slice with calls in; what it brought about. */
export const stepDirection = (
  watch: DirectionWatch,
  signal: WatchedSignal,
  expectation: Expectation | null,
  slice: WatchedSlice,
): DirectionEvent | null => {
  const { open } = watch;
  if (open === null) return expectation === null ? null : stepClosed(watch, signal, expectation, slice);
  const shared = { ...slice, threshold: slice.threshold + SHARED };
  return stepBack(watch, open, signal, shared) ?? stepFurther(watch, open, signal, shared);
};
