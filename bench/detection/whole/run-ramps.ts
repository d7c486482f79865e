import { batchesOf, runInWorkers } from "../run-in-workers.ts";
import type { RampOutcome } from "./simulate-ramp.ts";
import type { RampTask } from "./worker.ts";

/** What the simulation takes: the first seed, runs, their length, the length of the ticks, and who hears of the progress. */
export interface RampsSettings extends RampTask {
  readonly workers: number;
  readonly progress: (done: number, of: number) => void;
}

/** Simulates migrations of equal arms, a seed each; in the order of the seeds. */
export const runRamps = async ({
  workers,
  progress,
  from: first,
  runs,
  ...settings
}: RampsSettings): Promise<readonly RampOutcome[]> => {
  const tasks = batchesOf(runs, 1).map(
    ({ from, runs: one }): RampTask => ({
      ...settings,
      from: first - 1 + from,
      runs: one,
    }),
  );
  const module = new URL("worker.ts", import.meta.url);
  return (await runInWorkers<RampTask, readonly RampOutcome[]>(tasks, { module, workers, progress })).flat();
};
