import type { Arm } from "../../core/cohort.ts";
import {
  DRAW_MS,
  MOMENT_MS,
  type SenderCalls,
  type SenderWindow,
  senderKey,
  type WindowCalls,
} from "../../core/sender-calls.ts";
import { type DrainSettings, type DrainState, drainState } from "../../lifecycle/drain.ts";
import { windowsOf } from "../../lifecycle/sender-window.ts";

/** One simulated call; times are epoch ms, `ownStart` by its sender's clock. */
export interface SentCall {
  readonly instance: string;
  readonly cohort: Arm;
  readonly ownStart: number;
  readonly durationMs: number;
  readonly received: number;
  /** Whose call it is; left out = nobody else's. */
  readonly user?: string;
}

const SERVICE = "app";

const distinct = (values: readonly (string | number)[]): number => new Set(values).size;

/** Calls of nobody in particular are a draw each. */
const draws = (calls: readonly SentCall[]): number => {
  const known = calls.filter(({ user }) => user !== undefined);
  const keys = known.map(({ user, ownStart }) => `${user} ${Math.floor(ownStart / DRAW_MS)}`);
  return calls.length - known.length + distinct(keys);
};

const delayOf = ({ received, ownStart, durationMs }: SentCall): number => received - ownStart - durationMs;

const quantile = (values: readonly number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
};

const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);

const longestGap = (starts: readonly number[]): number => {
  const slots = [...new Set(starts.map((start) => Math.floor(start / MOMENT_MS)))].sort((a, b) => a - b);
  return MOMENT_MS * (1 + slots.reduce((gap, slot, i) => Math.max(gap, slot - (slots[i - 1] ?? slot)), 0));
};

const senderOf = (instance: string, calls: readonly SentCall[], flippedAt: number): SenderCalls => {
  const canary = calls.filter(({ cohort }) => cohort === "canary");
  const before = calls.filter(({ received }) => received < flippedAt);
  const starts = canary.map(({ ownStart }) => ownStart);
  const has = canary.length > 0;
  return {
    ...{ service: SERVICE, instance },
    canaryCalls: canary.length,
    baselineCalls: calls.length - canary.length,
    canaryDraws: draws(canary),
    moments: distinct(calls.map(({ ownStart }) => Math.floor(ownStart / MOMENT_MS))),
    leastDelayMs: least((before.length > 0 ? before : calls).map(delayOf)),
    mostDelayMs: most(calls.map(delayOf)),
    slowestMs: quantile(
      canary.map(({ durationMs }) => durationMs),
      0.99,
    ),
    firstStart: least(calls.map(({ ownStart }) => ownStart)),
    lastCanaryStart: has ? most(starts) : null,
    lastStart: most(calls.map(({ ownStart }) => ownStart)),
    lastReceived: most(calls.map(({ received }) => received)),
    lastCanaryReceived: has ? most(canary.map(({ received }) => received)) : null,
    longestGapMs: canary.length < 2 ? 0 : longestGap(starts),
  };
};

const byInstance = (calls: readonly SentCall[]): ReadonlyMap<string, readonly SentCall[]> =>
  Map.groupBy(calls, ({ instance }) => instance);

/** What the store says of calls that came in, in TypeScript: the same as its SQL, which a test holds. */
export const measureSenders = (calls: readonly SentCall[], flippedAt: number): readonly SenderCalls[] =>
  [...byInstance(calls)]
    .map(([instance, own]) => senderOf(instance, own, flippedAt))
    .sort((a, b) => (senderKey(a) < senderKey(b) ? -1 : 1));

/** The same of their windows. */
export const measureWindows = (
  calls: readonly SentCall[],
  windows: readonly SenderWindow[],
): readonly WindowCalls[] => {
  const own = byInstance(calls);
  return windows.map(({ service, instance, flippedAt, since, until }) => {
    const of = (which: (call: SentCall) => boolean): readonly SentCall[] => (own.get(instance) ?? []).filter(which);
    const baseline = of((call) => call.cohort === "baseline" && call.ownStart >= since && call.ownStart < until);
    return {
      ...{ service, instance },
      drawsBefore: draws(of(({ ownStart }) => ownStart < since)),
      canaryAfterFlip: of(({ cohort, ownStart }) => cohort === "canary" && ownStart >= flippedAt).length,
      baselineCalls: baseline.length,
      baselineDraws: draws(baseline),
    };
  });
};

/** The shipped proof on the calls that had come in by `now`. */
export const proveFrom = (
  all: readonly SentCall[],
  times: { readonly flippedAt: number; readonly now: number; readonly shareBefore: number },
  settings: DrainSettings,
): DrainState => {
  const calls = all.filter(({ received }) => received <= times.now);
  const senders = measureSenders(calls, times.flippedAt);
  const windows = windowsOf(senders, { ...times, ...settings });
  return drainState({ ...times, senders, calls: measureWindows(calls, windows) }, settings);
};
