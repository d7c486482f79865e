// npm run bench:pairs -- FOLDER: real answers of two cohorts (`leeway compare`'s records, *.jsonl) as pairs: what they are
// sorted into, beside the baseline against itself. A file without reruns has the baseline's answers to other prompts for them.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { AnswerRecord } from "../../agent/compare/record.ts";
import type { PairRow } from "../../core/pair-row.ts";
import { createPairFold } from "../../detectors/pairs/pair-fold.ts";
import type { SegmentReading } from "../../detectors/pairs/pair-report.ts";
import { crossed, dealt } from "./pairs-of-records.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("npm run bench:pairs -- FOLDER: name the folder with the *.jsonl files");

/** Answers are dealt until there are reruns enough. */
const RERUNS = 400;

const readingOf = (rows: readonly PairRow[]): SegmentReading => {
  const fold = createPairFold();
  for (const row of rows) fold.add(row);
  const [overall] = fold.report().segments;
  if (overall === undefined) throw new Error("no pairs");
  return overall;
};

const row = (cells: readonly (string | number)[]): string =>
  cells.map((cell, at) => (at === 0 ? String(cell).padEnd(26) : String(cell).padStart(12))).join("");

const print = (name: string, { pairs, classes, outcome, clusters, similarity }: SegmentReading): void => {
  const { improvement, neutral, regression, novel, undecided } = classes;
  const floor = similarity.lexical.floor ?? "-";
  process.stdout.write(`${row([name, pairs, floor, improvement, neutral, regression, novel, undecided, outcome])}\n`);
  for (const { codes, pairs: count, class: kind } of clusters.slice(0, 4))
    process.stdout.write(`    ${String(count).padStart(5)} ${kind.padEnd(12)}${codes.join(" ")}\n`);
};

process.stdout.write(
  `${row(["", "pairs", "floor", "improvement", "neutral", "regression", "novel", "undecided", "gate"])}\n`,
);
for (const file of readdirSync(folder)
  .filter((name) => name.endsWith(".jsonl"))
  .sort()) {
  const records = readFileSync(join(folder, file), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line): AnswerRecord => JSON.parse(line));
  const baseline = records.filter(({ cohort }) => cohort === "baseline");
  const times = Math.max(2, Math.ceil((2 * RERUNS) / baseline.length));
  const reruns = dealt("rerun", baseline, times, 1);
  print(file, readingOf([...reruns, ...crossed(records, 2)]));
  print("  baseline against itself", readingOf([...reruns, ...dealt("candidate", baseline, 2, 1000)]));
}
