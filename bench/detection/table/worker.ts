import { parentPort } from "node:worker_threads";
import { CASES } from "./cases.ts";
import { runCase } from "./run-case.ts";

/** What a worker is asked: one row, a range of seeds. */
export interface Task {
  readonly row: number;
  readonly from: number;
  readonly runs: number;
}

parentPort?.on("message", ({ row, from, runs }: Task) => {
  const one = CASES[row];
  const results = one === undefined ? [] : Array.from({ length: runs }, (_, i) => runCase(one, from + i));
  parentPort?.postMessage(results);
});
