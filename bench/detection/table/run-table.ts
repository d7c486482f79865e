import { Worker } from "node:worker_threads";
import type { Case, RunResult } from "./case.ts";
import { CASES } from "./cases.ts";
import type { Task } from "./worker.ts";

/** Runs a worker takes at a time: small enough that two workers end together. */
const BATCH = 10;

/** What a run of the table takes: workers, the share of each row's runs (1 = all), and where progress goes. */
export interface TableSettings {
  readonly workers: number;
  readonly share: number;
  /** Text a row's name must hold; empty = every row. */
  readonly only: string;
  readonly progress: (done: number, of: number) => void;
}

/** A row with its runs, in the order of their seeds. */
export interface MeasuredRow {
  readonly row: Case;
  readonly results: readonly RunResult[];
}

const tasksOf = ({ share, only }: TableSettings): readonly Task[] =>
  CASES.flatMap(({ section, name, runs }, row) => {
    const wanted = `${section} ${name}`.includes(only) ? Math.max(2, Math.round(runs * share)) : 0;
    return Array.from({ length: Math.ceil(wanted / BATCH) }, (_, i) => ({
      row,
      from: 1 + i * BATCH,
      runs: Math.min(BATCH, wanted - i * BATCH),
    }));
  });

/** Measures every row on the shipped engine and the other methods. Seeds are 1, 2, …: the same table every time. */
export const runTable = async (settings: TableSettings): Promise<readonly MeasuredRow[]> => {
  const tasks = tasksOf(settings);
  const found = new Map<Task, readonly RunResult[]>();
  const queue = [...tasks];
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL("worker.ts", import.meta.url));
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
      const answer = Promise.withResolvers<readonly RunResult[]>();
      worker.once("message", answer.resolve);
      worker.once("error", answer.reject);
      worker.postMessage(task);
      found.set(task, await answer.promise);
      worker.removeListener("error", answer.reject);
      settings.progress(found.size, tasks.length);
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: settings.workers }, work));
  return CASES.flatMap((row, i) => {
    const results = tasks.filter((task) => task.row === i).flatMap((task) => found.get(task) ?? []);
    return results.length === 0 ? [] : [{ row, results }];
  });
};
