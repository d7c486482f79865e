// npm run bench:ramp [-- --short] [-- --runs=20] [-- --traffic=10000]
import { parseArgs } from "node:util";
import { forecastRamp } from "../../agent/forecast/forecast-ramp.ts";
import { playbookMigration } from "./playbook-migration.ts";
import { type RampRun, runRamp } from "./run-ramp.ts";

const { values } = parseArgs({
  options: { short: { type: "boolean", default: false }, runs: { type: "string" }, traffic: { type: "string" } },
});
const runs = Number(values.runs ?? (values.short ? 3 : 20));
const traffics =
  values.traffic === undefined
    ? values.short
      ? [4_000, 10_000]
      : [1_000, 4_000, 10_000, 100_000]
    : [Number(values.traffic)];
const DAY_MS = 86_400_000;
const migration = playbookMigration();

const median = (hours: readonly (number | undefined)[]): number | null => {
  const sorted = hours.map((each) => each ?? Number.POSITIVE_INFINITY).toSorted((a, b) => a - b);
  const found = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.POSITIVE_INFINITY;
  return Number.isFinite(found) ? found : null;
};
const shown = (hours: number | null): string => (hours === null ? "held" : `${hours.toFixed(1)} h`);
const commonest = (names: readonly string[]): string =>
  [...Map.groupBy(names, (name) => name)].toSorted((a, b) => b[1].length - a[1].length)[0]?.[0] ?? "–";
const factor = (a: number | null, b: number | null): string => (a === null || b === null ? "–" : (a / b).toFixed(2));

const rows = traffics.flatMap((callsPerDay) => {
  const users = callsPerDay;
  // Ten minutes, or as long as six canary calls take: nothing else is decided by shorter ones.
  const tickMs = Math.max(600_000, Math.round((6 / (0.05 * callsPerDay)) * DAY_MS));
  const done: RampRun[] = [];
  for (let seed = 1; seed <= runs; seed++) {
    process.stderr.write(`\r${callsPerDay} calls a day: run ${seed} of ${runs} `);
    done.push(
      runRamp(migration, { callsPerDay, users, seed }, { tickMs, horizonMs: (values.short ? 12 : 30) * DAY_MS }),
    );
  }
  const foreseen = forecastRamp(migration, { callsPerDay, users }, () => undefined);
  process.stderr.write("\n");
  const rolledBack = done.filter((run) => run.rolledBack !== null).length;
  const paused = done.filter((run) => run.pausedFor.length > 0).length;
  return migration.stages.map((_, i) => {
    const came = done.filter((run) => run.hours.length >= i && (run.rolledBack === null || run.hours.length > i));
    const [measured, predicted] = [median(came.map(({ hours }) => hours[i])), foreseen.stages[i]?.medianMs ?? null];
    const hours = predicted === null ? null : predicted / 3_600_000;
    const cells = [
      callsPerDay,
      i + 1,
      came.length,
      shown(measured),
      commonest(came.flatMap(({ heldBy }) => heldBy[i] ?? [])),
    ];
    return [...cells, shown(hours), factor(measured, hours), `${rolledBack} / ${paused} of ${runs}`].join(" | ");
  });
});
process.stdout.write(
  `# Healthy migrations by the rules of the playbook, users with lasting traits\n\n| calls a day | stage | runs | median | held by | foreseen | measured / foreseen | rolled back / paused |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n${rows.map((row) => `| ${row} |`).join("\n")}\n`,
);
