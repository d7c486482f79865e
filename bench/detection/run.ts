// npm run bench:detection [-- --short] [-- --workers=2] [-- --only=table|ramps|drift|users|cost]
// [-- --share=0.3, of the table's runs of 14 days] [-- --section=D, of the table] [-- --runs=500 --seed=1, of the whole migrations]
import { parseArgs } from "node:util";
import { printDrift } from "./drift/run-drift.ts";
import { measureEngineCost } from "./engine-cost.ts";
import { flaggerAt99, printTable } from "./table/print-table.ts";
import { runTable } from "./table/run-table.ts";
import { printLastingUsers, runLastingUsers } from "./users/lasting-users.ts";
import { printRamps } from "./whole/print-ramps.ts";
import { rampMigration } from "./whole/ramp-migration.ts";
import { runRamps } from "./whole/run-ramps.ts";

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    workers: { type: "string", default: "2" },
    only: { type: "string", default: "" },
    share: { type: "string" },
    section: { type: "string", default: "" },
    runs: { type: "string" },
    seed: { type: "string", default: "1" },
  },
});
const isShort = values.short;
const workers = Number(values.workers);
const wants = (part: string): boolean => values.only === "" || values.only === part;

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
const started = Date.now();
const progressOf =
  (what: string) =>
  (done: number, of: number): void => {
    const seconds = Math.round((Date.now() - started) / 1000);
    process.stderr.write(`\r${what}: ${done} of ${of}, ${seconds} s `);
    if (done === of) process.stderr.write("\n");
  };

if (wants("cost")) {
  const { medianMs, p95Ms, stateMb } = measureEngineCost();
  const memory = stateMb === null ? "" : `, state ${stateMb.toFixed(0)} MB`;
  say(
    `# Engine, 12 rules in 12 segments\n\nmedian ${medianMs.toFixed(1)} ms CPU a tick, p95 ${p95Ms.toFixed(1)} ms${memory}\n`,
  );
}
if (wants("drift")) {
  const progress = (name: string): void => {
    process.stderr.write(`drift: ${name}\n`);
  };
  say(`# Drift without a canary\n\n${printDrift(isShort ? 0.05 : 1, progress)}`);
}
if (wants("users")) {
  const progress = (name: string): void => {
    process.stderr.write(`users: ${name}\n`);
  };
  const rows = runLastingUsers(Number(values.runs ?? (isShort ? 1 : 30)), progress);
  say(`# Users with lasting traits, 14 days\n\n${printLastingUsers(rows)}`);
}
if (wants("table")) {
  const rows = await runTable({
    workers,
    share: Number(values.share ?? (isShort ? 0.01 : 1)),
    foundShare: isShort ? 0.1 : 1,
    section: values.section,
    progress: progressOf("table"),
  });
  say(
    `# Rules\n\n${printTable(rows)}\nFlagger at its documented success rate of 99%: ${flaggerAt99(rows).join("; ")}\n`,
  );
}
if (wants("ramps")) {
  const runs = Number(values.runs ?? (isShort ? 2 : 500));
  const settings = { from: Number(values.seed), runs, horizonMinutes: 14 * 24 * 60, rampTick: 15, endTick: 120 };
  const outcomes = await runRamps({ ...settings, workers, progress: progressOf("ramps") });
  say(`# Whole migrations of two equal arms\n\n${printRamps(outcomes, rampMigration().stages.length)}`);
}
