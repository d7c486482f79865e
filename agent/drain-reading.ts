import { messageOf } from "../core/errors.ts";
import type { SenderCalls, WindowCalls } from "../core/sender-calls.ts";
import { type DrainState, drainState } from "../lifecycle/drain.ts";
import { windowsOf } from "../lifecycle/sender-window.ts";
import type { Store } from "../store/store.ts";

/** What reading needs. */
export interface DrainReadingParts {
  readonly store: Pick<Store, "senderCalls" | "windowCalls">;
  readonly now: () => number;
  /** How long after a flip apps may go by the share before, ms. */
  readonly propagationMs: () => number;
}

/** Reads from the spans whether canary calls of a migration stopped since `flippedAt`, epoch ms; and what went wrong, or "". */
export type ReadDrain = (
  flippedAt: number,
  /** Canary share before the flip, 0-1. */
  shareBefore: number,
) => Promise<readonly [state: DrainState, problem: string]>;

/** Calls of this long before the flip say who sends canary calls, how slow they are and how late they come in. */
const LOOKBACK_MS = 900_000;

/** A drain that takes longer is measured by the calls of this time. */
const LONGEST_MS = 1_800_000;

interface Measured {
  readonly senders: readonly SenderCalls[] | null;
  readonly calls: readonly WindowCalls[];
  readonly problem: string;
}

/** A reading of the drains of `migration`. Never rejects: what cannot be read is not measured, which is no proof either. */
export const createDrainReading = (
  migration: string,
  { settleMs, drainDeadlineMs }: { readonly settleMs: number; readonly drainDeadlineMs: number },
  { store, now, propagationMs: slowestMs }: DrainReadingParts,
): ReadDrain => {
  const read = async (flippedAt: number, until: number): Promise<Measured> => {
    const since = Math.max(flippedAt - LOOKBACK_MS, until - LONGEST_MS);
    const range = { migration, since, until: until + 1 };
    try {
      const senders = await store.senderCalls({ ...range, flippedAt });
      const times = { flippedAt, now: until, settleMs, propagationMs: slowestMs() };
      const windows = windowsOf(senders, times);
      return { senders, calls: await store.windowCalls({ ...range, windows }), problem: "" };
    } catch (error) {
      return { senders: null, calls: [], problem: `the drain cannot be measured: ${messageOf(error)}` };
    }
  };
  return async (flippedAt, shareBefore) => {
    const until = now();
    const { problem, ...measured } = await read(flippedAt, until);
    const propagationMs = slowestMs();
    const overdueMs = drainDeadlineMs + propagationMs;
    const input = { flippedAt, now: until, shareBefore, ...measured };
    return [drainState(input, { settleMs, propagationMs, overdueMs }), problem];
  };
};
