import type { PairKind, PairOutcome } from "../../core/pair-row.ts";

/** Served calls that made no pair, and have all of this in common. */
export interface Unpaired {
  readonly migration: string;
  readonly kind: PairKind;
  readonly outcome: PairOutcome;
  /** Of the served calls; empty where there are too many to be told apart. */
  readonly segments: Readonly<Record<string, string>>;
}

/** Counts served calls that made no pair, to be told together. */
export interface UnpairedCounts {
  readonly add: (of: Unpaired) => void;
  /** Hands over what was counted since the last time. */
  readonly take: (tell: (of: Unpaired, calls: number) => void) => void;
}

/** Counts that are told apart by segments at a time, each an event; what else comes is counted without them. */
const MAX_COUNTS = 64;

/** Nothing yet. */
export const createUnpairedCounts = (): UnpairedCounts => {
  let counts = new Map<string, { readonly of: Unpaired; calls: number }>();
  const add = (of: Unpaired): void => {
    const segments = Object.entries(of.segments).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = JSON.stringify([of.kind, of.outcome, of.migration, segments]);
    const known = counts.get(key);
    if (known !== undefined) known.calls += 1;
    else if (counts.size < MAX_COUNTS || segments.length === 0) counts.set(key, { of, calls: 1 });
    else add({ ...of, segments: {} });
  };
  return {
    add,
    take: (tell) => {
      const taken = counts;
      counts = new Map();
      for (const { of, calls } of taken.values()) tell(of, calls);
    },
  };
};
