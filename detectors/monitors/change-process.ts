import { createEDetector, type EDetector, logR, stepEDetector, strongest } from "../stats/e-detector.ts";
import type { GridVector } from "../stats/grid.ts";
import { tempered } from "../stats/tempered.ts";
import { addTotals, emptyTotals, type Totals } from "./totals.ts";

/** An e-detector together with the calls since each of its strongest starts: plain data. */
export interface ChangeProcess {
  readonly detector: EDetector;
  /** One per alternative of the grid. */
  readonly calls: Totals[];
}

/** What points to a change the most. */
export interface Change {
  /** Epoch ms. */
  readonly since: number;
  /** Calls since then. */
  readonly calls: Readonly<Totals>;
}

/** A process that has seen nothing. */
export const createChangeProcess = (): ChangeProcess => ({ detector: createEDetector(), calls: [] });

/** Adds the calls of a slice that began at `at`. Increments are divided by the design effect: correlated calls know less. */
export const stepChange = (
  running: ChangeProcess,
  increments: GridVector,
  designEffect: number,
  { at, calls }: { readonly at: number; readonly calls: Readonly<Totals> },
): void => {
  stepEDetector(running.detector, tempered(increments, designEffect), at);
  for (const [k, start] of running.detector.starts.entries()) {
    const since = start === at ? emptyTotals() : (running.calls[k] ?? emptyTotals());
    addTotals(since, calls);
    running.calls[k] = since;
  }
};

/** Log wealth; -Infinity before the first slice. */
export const evidenceOf = ({ detector }: ChangeProcess): number => logR(detector);

/** The change that the wealth speaks for; null before the first slice. */
export const changeOf = ({ detector, calls }: ChangeProcess): Change | null => {
  const k = strongest(detector);
  if (k === null) return null;
  const [since, found] = [detector.starts[k], calls[k]];
  return since === undefined || found === undefined ? null : { since, calls: found };
};
