import type { TickStore } from "../../../agent/tick-detector.ts";
import type { Tick } from "../../../core/sample.ts";

const LOOKBACK_MS = 600_000;

interface Call {
  readonly end: number;
  readonly failed: boolean;
  isTold: boolean;
}

/** Ticks as the store folds them, in memory. */
export interface CallsInTicks {
  readonly store: TickStore;
  /** What the ticks say that the clock was set by. */
  readonly steps: ReadonlySet<number>;
  /** A canary call that ended at `end`, epoch ms. */
  readonly call: (end: number, failed?: boolean) => void;
  /** How many there were. */
  readonly calls: () => number;
}

/** Each call is in one tick, and none in one that is stored already. */
export const callsInTicks = (): CallsInTicks => {
  const calls: Call[] = [];
  const ticks = new Map<number, Tick>();
  const steps = new Set<number>();

  const tickOf = (from: number, to: number, request: { readonly stage: number; readonly share: number }): Tick => {
    const since = Math.min(from, to - LOOKBACK_MS);
    const found = calls.filter(({ end, isTold }) => !isTold && end >= since && end < to);
    for (const call of found) call.isTold = true;
    const failed = found.filter((call) => call.failed).length;
    return {
      ...{ migration: "m", from, to, stage: request.stage, share: request.share },
      calls: [{ cohort: "canary", segment: "", calls: found.length }],
      // As many calls of the baseline, all of them well.
      samples: [
        { signal: "error", cohort: "canary", segment: "", n: found.length, sum: failed, bins: {} },
        { signal: "error", cohort: "baseline", segment: "", n: found.length, sum: 0, bins: {} },
      ],
    };
  };

  const store: TickStore = {
    foldTick: async (request) => {
      const { from, to, clockStepMs } = request;
      const tick = ticks.get(to) ?? tickOf(from, to, request);
      ticks.set(to, tick);
      if (clockStepMs !== undefined) steps.add(clockStepMs);
      return tick;
    },
    foldPast: async ({ from, to }) => ({
      ...{ migration: "m", from, to, stage: 0, share: 0, calls: [], samples: [] },
    }),
    async *readTicks(_name, since, until = Number.POSITIVE_INFINITY) {
      yield* [...ticks.values()].filter(({ to }) => to >= since && to <= until).sort((a, b) => a.to - b.to);
    },
    tickBeyond: async (_name, after) => {
      const ends = [...ticks.keys()].filter((to) => to > after);
      return ends.length === 0 ? null : Math.max(...ends);
    },
  };

  return {
    store,
    steps,
    call: (end, failed = false) => void calls.push({ end, failed, isTold: false }),
    calls: () => calls.length,
  };
};
