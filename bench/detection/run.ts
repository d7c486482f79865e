// npm run bench:detection [-- --short]: false alarms and calls to rollback of the shipped engine, on seeded streams.
import { klBernoulli } from "./formulas.ts";
import { FOURTEEN_DAYS, medianCalls, type Scenario, simulateMany } from "./simulate.ts";

const isShort = process.argv.includes("--short");
const DAY = 24 * 60;
const base = { baselineRate: 0.01, callsPerMinute: 20, share: 0.05 } as const;
const failing = (rate: number): Scenario => ({ ...base, canaryRate: () => rate, minutes: 2 * DAY });
const late = (rate: number): Scenario => ({
  ...base,
  canaryRate: (minute) => (minute < 5 * DAY ? 0.01 : rate),
  minutes: 7 * DAY,
});
const bound = (rate: number): number => Math.log(100) / klBernoulli(rate, 0.05);

const rows: readonly {
  readonly name: string;
  readonly scenario: Scenario;
  readonly runs: number;
  readonly onset: number;
  readonly bound: number | null;
}[] = [
  {
    name: "healthy, 1% errors, 14 days",
    scenario: { ...base, canaryRate: () => 0.01, minutes: FOURTEEN_DAYS },
    runs: isShort ? 20 : 200,
    onset: 0,
    bound: null,
  },
  {
    name: "at the limit, 5% in both arms, 14 days",
    scenario: { ...base, baselineRate: 0.05, canaryRate: () => 0.05, minutes: FOURTEEN_DAYS },
    runs: isShort ? 10 : 200,
    onset: 0,
    bound: null,
  },
  { name: "1% to 10% at once", scenario: failing(0.1), runs: 200, onset: 0, bound: bound(0.1) },
  { name: "1% to 20% at once", scenario: failing(0.2), runs: 200, onset: 0, bound: bound(0.2) },
  { name: "1% to 10% on day five", scenario: late(0.1), runs: isShort ? 10 : 100, onset: 5 * DAY, bound: bound(0.1) },
];

const cell = (text: string, width: number): string => text.padStart(width);
process.stdout.write("scenario                                 runs  rolled back  median calls  ratio to bound\n");
for (const { name, scenario, runs, onset, bound: lowerBound } of rows) {
  const outcomes = simulateMany(scenario, runs);
  const rolledBack = outcomes.filter((outcome) => outcome !== null).length;
  const median = lowerBound === null ? null : medianCalls(outcomes, scenario.callsPerMinute, onset);
  process.stdout.write(
    `${name.padEnd(40)}${cell(String(runs), 5)}${cell(String(rolledBack), 13)}${cell(median === null ? "-" : String(median), 14)}` +
      `${cell(median === null || lowerBound === null ? "-" : (median / lowerBound).toFixed(2), 16)}\n`,
  );
}
