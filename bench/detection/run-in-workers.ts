import { Worker } from "node:worker_threads";

/** Where work is done: the module that answers each message with one, how many run at once, and who hears of it. */
export interface WorkPlan {
  readonly module: URL;
  readonly workers: number;
  readonly progress: (done: number, of: number) => void;
}

/** Has workers answer every task; the answers in the order of the tasks, whoever gave them. */
export const runInWorkers = async <Task, Answer>(
  tasks: readonly Task[],
  { module, workers, progress }: WorkPlan,
): Promise<readonly Answer[]> => {
  const answers = new Map<number, Answer>();
  const queue = tasks.map((task, i) => ({ task, i }));
  const work = async (): Promise<void> => {
    const worker = new Worker(module);
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      worker.once("message", resolve);
      worker.once("error", reject);
      worker.postMessage(next.task);
      answers.set(next.i, await promise);
      worker.removeListener("error", reject);
      progress(answers.size, tasks.length);
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(workers, tasks.length) }, work));
  return tasks.flatMap((_, i) => {
    const answer = answers.get(i);
    return answer === undefined ? [] : [answer];
  });
};

/** Seeds 1 to `runs` in batches. */
export const batchesOf = (runs: number, size: number): readonly { readonly from: number; readonly runs: number }[] =>
  Array.from({ length: Math.ceil(runs / size) }, (_, i) => ({
    from: 1 + i * size,
    runs: Math.min(size, runs - i * size),
  }));
