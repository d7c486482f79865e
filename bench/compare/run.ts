// npm run bench:compare: seconds that `leeway compare` takes on 2 x 10,000 answers, unpaired and paired, with a page.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AnswerRecord } from "../../agent/compare/record.ts";
import { compare } from "../../cli/commands/compare.ts";
import type { Arm } from "../../core/cohort.ts";
import { recordsOf } from "../../test/regressions/pipeline/records-of.ts";
import { trafficOf } from "../../test/regressions/traffic/traffic.ts";

const ANSWERS = 10_000;

const calls = trafficOf({ calls: 25_500, minutes: 120, startHour: 10, share: 0.5 }, 1);
const answers = recordsOf(calls, "inputType");
const armOf = (arm: Arm): readonly AnswerRecord[] => answers.filter(({ cohort }) => cohort === arm).slice(0, ANSWERS);
const [baseline, canary] = [armOf("baseline"), armOf("canary")];

/** The same prompt ids in both arms, task by task. */
const paired = (records: readonly AnswerRecord[]): readonly AnswerRecord[] => {
  const seen = new Map<string, number>();
  return records.map((record) => {
    const task = record.task ?? "";
    seen.set(task, (seen.get(task) ?? 0) + 1);
    return { ...record, prompt_id: String(seen.get(task)) };
  });
};

const directory = mkdtempSync(join(tmpdir(), "leeway-bench-compare-"));

const timed = async (name: string, records: readonly AnswerRecord[], html: string | null): Promise<void> => {
  const file = join(directory, `${name}.jsonl`);
  writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  const start = performance.now();
  await compare(
    { records: file, baseline: null, canary: null, json: true, allowUndecided: false, strict: false, html },
    () => undefined,
  );
  const seconds = ((performance.now() - start) / 1000).toFixed(2);
  const megabytes = (records.reduce((sum, { output }) => sum + (output?.length ?? 0), 0) / 1e6).toFixed(1);
  process.stdout.write(
    `${name.padEnd(24)}${String(records.length).padStart(8)} answers ${megabytes.padStart(6)} MB ${seconds.padStart(6)} s\n`,
  );
};

try {
  await timed("unpaired", [...baseline, ...canary], null);
  await timed("unpaired-with-page", [...baseline, ...canary], join(directory, "report.html"));
  await timed("paired", [...paired(baseline), ...paired(canary)], null);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
