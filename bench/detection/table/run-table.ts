import { batchesOf, runInWorkers } from "../run-in-workers.ts";
import type { Case, RunResult } from "./case.ts";
import { CASES } from "./cases.ts";
import type { Task } from "./worker.ts";

/** Runs a worker takes at a time: small enough that two workers end together. */
const BATCH = 10;

/** What a run of the table takes: workers, shares of the rows' runs (1 = all), and who hears of the progress. */
export interface TableSettings {
  readonly workers: number;
  /** Share of the runs that look for false alarms, which last 14 days each. */
  readonly share: number;
  /** Share of the runs that look for a regression or a clear. */
  readonly foundShare: number;
  /** Rows of sections that begin with this; empty = all. */
  readonly section: string;
  readonly progress: (done: number, of: number) => void;
}

/** A row with its runs, in the order of their seeds. */
export interface MeasuredRow {
  readonly row: Case;
  readonly results: readonly RunResult[];
}

/** Measures every row on the shipped engine and the other methods. Seeds are 1, 2, …: the same table every time. */
export const runTable = async ({
  workers,
  share,
  foundShare,
  section,
  progress,
}: TableSettings): Promise<readonly MeasuredRow[]> => {
  const tasks = CASES.flatMap((each, row) => {
    const { runs, asked } = each;
    if (!each.section.startsWith(section)) return [];
    const wanted = Math.round(runs * (asked === "alarm" || asked === "clear" ? foundShare : share));
    return batchesOf(Math.max(1, wanted), BATCH).map((batch): Task => ({ row, ...batch }));
  });
  const module = new URL("worker.ts", import.meta.url);
  const answers = await runInWorkers<Task, readonly RunResult[]>(tasks, { module, workers, progress });
  const measured = CASES.map((row, i) => ({ row, results: answers.filter((_, at) => tasks[at]?.row === i).flat() }));
  return measured.filter(({ results }) => results.length > 0);
};
