import type { PairKind, PairOutcome } from "../../core/pair-row.ts";

/** Counts served calls that made no pair, to be told together. */
export interface UnpairedCounts {
  readonly add: (migration: string, kind: PairKind, outcome: PairOutcome) => void;
  /** Hands over what was counted since the last time. */
  readonly take: (
    tell: (of: { migration: string; kind: PairKind; outcome: PairOutcome }, calls: number) => void,
  ) => void;
}

/** Nothing yet. */
export const createUnpairedCounts = (): UnpairedCounts => {
  let counts = new Map<string, { migration: string; kind: PairKind; outcome: PairOutcome; calls: number }>();
  return {
    add: (migration, kind, outcome) => {
      const key = `${kind} ${outcome} ${migration}`;
      const known = counts.get(key);
      if (known === undefined) counts.set(key, { migration, kind, outcome, calls: 1 });
      else known.calls += 1;
    },
    take: (tell) => {
      const taken = counts;
      counts = new Map();
      for (const { calls, ...of } of taken.values()) tell(of, calls);
    },
  };
};
