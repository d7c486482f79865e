import { misrecorded, noticed } from "./compare-runs.ts";
import { type AppRun, type Loaded, type ModuleKind, runApp } from "./run-app.ts";
import type { Sdk } from "./sdks.ts";

/** One cell of the matrix. */
export interface Cell {
  readonly sdk: string;
  /** Major version of Node. */
  readonly node: string;
  readonly kind: ModuleKind;
  readonly loaded: Exclude<Loaded, null>;
  /** Steps that ran; 0 when the app does not run without us either. */
  readonly steps: number;
  /** What the app could notice; has to be empty. */
  readonly noticed: readonly string[];
  /** What the spans got wrong; has to be empty. */
  readonly misrecorded: readonly string[];
  /** Why the cell says nothing: the app cannot run even without us. Null when it does. */
  readonly skipped: string | null;
}

/** A Node to run on. */
export interface NodeVersion {
  readonly major: string;
  readonly executable: string;
}

const LOADED = ["--require", "--import"] as const;

const cannotRun = (sdk: Sdk, run: AppRun): string | null => {
  if (run.ended === "0" && run.lines.length === Object.keys(sdk.expected).length) return null;
  const reason = run.stderr.split("\n").find((line) => /error/i.test(line)) ?? `it printed ${run.lines.length} steps`;
  return `without us it ends with ${run.ended}: ${reason.trim()}`;
};

/** Runs one app on one Node without us and in both ways with us. */
export const runCells = async (sdk: Sdk, node: NodeVersion, kind: ModuleKind): Promise<Cell[]> => {
  const without = await runApp(sdk, node.executable, kind, null);
  const skipped = cannotRun(sdk, without);
  const cells: Cell[] = [];
  for (const loaded of LOADED) {
    const head = { sdk: sdk.name, node: node.major, kind, loaded, skipped };
    if (skipped !== null) {
      cells.push({ ...head, steps: 0, noticed: [], misrecorded: [] });
      continue;
    }
    const withUs = await runApp(sdk, node.executable, kind, loaded);
    cells.push({
      ...head,
      steps: without.lines.length,
      noticed: noticed(without, withUs),
      misrecorded: misrecorded(withUs, sdk.expected),
    });
  }
  return cells;
};

/** Works off jobs, two at a time. */
export const inPairs = async <Job, Result>(
  jobs: readonly Job[],
  work: (job: Job) => Promise<Result>,
): Promise<Result[]> => {
  const waiting = [...jobs.entries()];
  const results: Result[] = [];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all([worker(), worker()]);
  return results;
};
