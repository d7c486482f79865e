// npm run bench:ramp [-- --short] [-- --runs=20] [-- --traffic=10000] [-- --document=playbook|init] [-- --limits=10, runs a rule]
import { parseArgs } from "node:util";
import { forecastRamp } from "../../agent/forecast/forecast-ramp.ts";
import type { StagesRun } from "../../agent/forecast/walk-stages.ts";
import { DOCUMENT_NAMES, documentOf } from "./documents.ts";
import { limitsTable, rampTable } from "./print-ramps.ts";
import { type RampTraffic, runAtLimits, runHealthy } from "./run-ramps.ts";

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    runs: { type: "string" },
    traffic: { type: "string" },
    document: { type: "string" },
    limits: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
  },
});
const usual = values.short ? [4_000, 10_000] : [1_000, 4_000, 10_000, 100_000];
const traffics = values.traffic === undefined ? usual : [Number(values.traffic)];
const documents = DOCUMENT_NAMES.filter((name) => values.document === undefined || values.document === name);
const first = Number(values.seed);
const seedsOf = (runs: number): readonly number[] => Array.from({ length: runs }, (_, i) => first + i);
const healthySeeds = seedsOf(Number(values.runs ?? (values.short ? 3 : 20)));
const limitSeeds = seedsOf(Number(values.limits));
const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

for (const name of documents) {
  const migration = documentOf(name);
  process.stdout.write(`# ${name}: ${migration.rules.length} rules, users with lasting traits, equal arms\n\n`);
  for (const callsPerDay of traffics) {
    const traffic: RampTraffic = { callsPerDay, users: callsPerDay };
    const started = performance.now();
    const foreseen = forecastRamp(migration, traffic, () => undefined);
    say(`${name}, ${callsPerDay} calls a day: foreseen in ${((performance.now() - started) / 1000).toFixed(0)} s`);
    const runs = healthySeeds.map((seed): StagesRun => {
      const run = runHealthy(migration, traffic, seed);
      say(`  seed ${seed}: ${JSON.stringify(run)} (${((performance.now() - started) / 1000).toFixed(0)} s)`);
      return run;
    });
    if (runs.length > 0) process.stdout.write(`${rampTable(migration, callsPerDay, runs, foreseen)}\n`);
    const atLimits = limitSeeds.flatMap((seed) => {
      const all = runAtLimits(migration, traffic, seed);
      for (const { rule, run } of all) say(`  seed ${seed}, ${rule} at its limit: ${JSON.stringify(run)}`);
      return all;
    });
    if (atLimits.length > 0) process.stdout.write(`${limitsTable(migration, callsPerDay, atLimits)}\n`);
  }
}
