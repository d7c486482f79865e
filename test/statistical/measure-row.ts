import { CASES } from "../../bench/detection/table/cases.ts";
import { runCase } from "../../bench/detection/table/run-case.ts";
import { type Summary, summarize } from "../../bench/detection/table/summary.ts";

/**
 * A row of the table of `npm run bench:detection`, on the shipped engine and decide(), without the other tools. Seeds are
 * fixed: 1 to `runs`.
 */
export const measureRow = (section: string, name: string, runs: number): Summary => {
  const row = CASES.find((each) => each.section.startsWith(section) && each.name === name);
  if (row === undefined) throw new Error(`no row "${name}" in ${section}`);
  const alone = { ...row, measured: null };
  const results = Array.from({ length: runs }, (_, i) => runCase(alone, i + 1));
  return summarize(row, results, 0);
};
