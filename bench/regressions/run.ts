// npm run bench:regressions [-- seeds [silent seeds [part of a name]]]: every injected regression through the whole pipeline, and silence.
import { CASES, type RegressionCase, UNCHANGED } from "../../test/regressions/inject/cases.ts";
import { withRegression } from "../../test/regressions/pipeline/arms.ts";
import { compareCalls, namedFeatures } from "../../test/regressions/pipeline/compare-calls.ts";
import { alarmsOf, type Outcome, outcomeOf } from "../../test/regressions/pipeline/outcome-of.ts";
import { createRunCase, SETTINGS } from "../../test/regressions/pipeline/run-case.ts";
import { trafficOf } from "../../test/regressions/traffic/traffic.ts";
import { openTestStore } from "../../test/store/test-store.ts";

const seedsFrom = (text: string | undefined, otherwise: number): readonly number[] =>
  Array.from({ length: Number(text ?? otherwise) }, (_, i) => i + 1);

const seeds = seedsFrom(process.argv[2], 3);
const silentSeeds = seedsFrom(process.argv[3], 20);

/** Only the cases whose name holds this. */
const only = process.argv[4] ?? "";

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const isNamedOffline = ({ inject, offline, task }: RegressionCase, seed: number): boolean => {
  const calls = withRegression(trafficOf(SETTINGS, seed), inject);
  return namedFeatures(compareCalls(calls, task ?? "inputType")).some((name) => offline?.includes(name));
};

const share = (hits: readonly boolean[]): string => `${hits.filter(Boolean).length}/${hits.length}`;

const medianOf = (numbers: readonly number[]): number | null =>
  [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)] ?? null;

const rowOf = (each: RegressionCase, outcomes: readonly Outcome[]): string => {
  const calls = outcomes.flatMap(({ canaryCalls }) => canaryCalls ?? []);
  const cells = [
    each.name,
    outcomes.find(({ foundBy }) => foundBy !== null)?.foundBy ?? "not found",
    share(outcomes.map(({ foundBy }) => foundBy !== null)),
    share(outcomes.map(({ isNamed }) => isNamed)),
    share(outcomes.map(({ isAttributed }) => isAttributed)),
    String(medianOf(calls) ?? "-"),
    each.offline === null ? "-" : share(seeds.map((seed) => isNamedOffline(each, seed))),
  ];
  return `| ${cells.join(" | ")} |`;
};

const world = await openTestStore();
const runCase = createRunCase(world.store(), Date.now());
try {
  print("| injected | found by | found | named | attributed | median canary calls | compare |");
  print("| --- | --- | --- | --- | --- | --- | --- |");
  for (const each of CASES.filter(({ name }) => name.includes(only))) {
    const outcomes: Outcome[] = [];
    for (const seed of seeds) outcomes.push(outcomeOf(each, await runCase(each, seed)));
    print(rowOf(each, outcomes));
  }
  let silent = 0;
  for (const seed of silentSeeds) {
    const alarms = alarmsOf(await runCase(UNCHANGED, seed));
    if (alarms.length === 0) silent += 1;
    for (const alarm of alarms) print(`nothing injected, seed ${seed}: ${alarm}`);
  }
  print(`nothing injected: silence in ${silent} of ${silentSeeds.length} seeds`);
} finally {
  await world.end();
}
