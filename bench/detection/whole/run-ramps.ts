import { batchesOf, runInWorkers } from "../run-in-workers.ts";
import type { RampOutcome } from "./simulate-ramp.ts";
import type { RampTask } from "./worker.ts";

/** What the simulation takes: runs, their length, the length of the ticks, and who hears of the progress. */
export interface RampsSettings extends Omit<RampTask, "from"> {
  readonly workers: number;
  readonly progress: (done: number, of: number) => void;
}

/** Simulates migrations of equal arms, seeds 1, 2, …; in the order of the seeds. */
export const runRamps = async ({
  workers,
  progress,
  runs,
  ...settings
}: RampsSettings): Promise<readonly RampOutcome[]> => {
  const tasks = batchesOf(runs, 1).map((batch): RampTask => ({ ...settings, ...batch }));
  const module = new URL("worker.ts", import.meta.url);
  return (await runInWorkers<RampTask, readonly RampOutcome[]>(tasks, { module, workers, progress })).flat();
};
