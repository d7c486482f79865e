import type { Arm } from "../../core/cohort.ts";
import type { CallCount, Sample } from "../../core/sample.ts";
import type { SignalName } from "../../core/signals.ts";

interface Cell {
  readonly signal: SignalName;
  readonly cohort: Arm;
  readonly segment: string;
  n: number;
  sum: number;
  readonly bins: Record<string, number>;
}

/** The calls of one tick, added up as a fold does. */
export interface TickCells {
  readonly call: (arm: Arm, segment: string) => void;
  readonly add: (signal: SignalName, arm: Arm, segment: string, value: number, bin: number | null) => void;
  readonly samples: () => readonly Sample[];
  readonly calls: () => readonly CallCount[];
}

/** An empty tick. */
export const createTickCells = (): TickCells => {
  const cells = new Map<string, Cell>();
  const called = new Map<string, { cohort: Arm; segment: string; calls: number }>();
  return {
    call: (cohort, segment) => {
      const key = `${cohort} ${segment}`;
      const found = called.get(key) ?? { cohort, segment, calls: 0 };
      called.set(key, found);
      found.calls += 1;
    },
    add: (signal, cohort, segment, value, bin) => {
      const key = `${signal} ${cohort} ${segment}`;
      const cell = cells.get(key) ?? { signal, cohort, segment, n: 0, sum: 0, bins: {} };
      cells.set(key, cell);
      cell.n += 1;
      cell.sum += value;
      if (bin !== null) cell.bins[bin] = (cell.bins[bin] ?? 0) + 1;
    },
    samples: () => [...cells.values()],
    calls: () => [...called.values()],
  };
};
