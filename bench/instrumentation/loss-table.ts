import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type LossOutcome, type LossRow, lossRows, runLossRow } from "../../test/instrumentation/loss-rows.ts";

/**
 * Runs every situation in which spans are lost with the stock exporter, at full length (about two minutes), and prints
 * a Markdown table. `--write` puts it into docs/instrumentation.md. Exits 1 when a span is neither received nor
 * reported. Needs a build.
 */
const HEAD = [
  "| situation | made | received by the end | after the next start | reported as lost | end of the app took |",
  "| --- | ---: | ---: | ---: | ---: | ---: |",
];
const DOCS = join(import.meta.dirname, "..", "..", "docs", "instrumentation.md");
const BETWEEN = /(<!-- losses -->\n)[\s\S]*?(<!-- \/losses -->)/;

const lostIn = ({ reported }: LossOutcome): number => Object.values(reported).reduce((sum, count) => sum + count, 0);

const lineOf = (row: LossRow, outcome: LossOutcome): string => {
  const reasons = Object.entries(outcome.reported).map(([reason, count]) => `${count} ${reason}`);
  const { made, received, receivedNextStart, endMs } = outcome;
  const cells = [row.name, made, received, receivedNextStart, reasons.join(", ") || 0, `${endMs} ms`];
  return `| ${cells.join(" | ")} |`;
};

const lines = [...HEAD];
for (const row of lossRows(1)) {
  const outcome = await runLossRow(row);
  lines.push(lineOf(row, outcome));
  if (outcome.receivedNextStart + lostIn(outcome) === outcome.made) continue;
  process.stderr.write(`${row.name}: made is not received + reported\n`);
  process.exitCode = 1;
}
process.stdout.write(`${lines.join("\n")}\n`);
if (process.argv.includes("--write")) {
  const page = readFileSync(DOCS, "utf8");
  writeFileSync(
    DOCS,
    page.replace(BETWEEN, (_all, from, to) => `${from}${lines.join("\n")}\n${to}`),
  );
}
