// Simulated suites: how often each rule says that equal models differ, and sees a drop of 5 points; how often models that are the margin
// apart are called equivalent. Then what a large suite takes against a provider that answers at once. `--short`: fewer of each.

import { fixedPercent } from "../../core/percent.ts";
import { seededRandom } from "../../core/seeded-random.ts";
import type { CaseCounts } from "../../detectors/suite/case-counts.ts";
import { suiteWord } from "../../detectors/suite/suite-verdict.ts";
import { largeSuite } from "./large-suite.ts";
import { pairedMeans, type Rule, thresholdRule, twoMeans } from "./other-rules.ts";
import { type SimulatedSuite, simulatedSuite } from "./simulated-suite.ts";

const isShort = process.argv.includes("--short");
const SUITES = isShort ? 200 : 1000;
const MARGIN = 0.02;

const print = (text: string): void => void process.stdout.write(`${text}\n`);

const share = (suite: SimulatedSuite, says: (cases: readonly CaseCounts[]) => boolean, seed: number): number => {
  const random = seededRandom(seed);
  let count = 0;
  for (let at = 0; at < SUITES; at += 1) if (says(simulatedSuite(suite, random))) count += 1;
  return count / SUITES;
};

const leewayWorse: Rule = (cases) => suiteWord(cases, MARGIN).word === "worse";

const RULES: readonly (readonly [string, Rule])[] = [
  ["leeway: not equivalent", leewayWorse],
  ["pass rate below the baseline's", thresholdRule(0)],
  ["pass rate 2 points below it", thresholdRule(MARGIN)],
  ["two means of all answers, 5%", twoMeans],
  ["paired differences, 5%", pairedMeans],
];

const SIZES: readonly (readonly [cases: number, runs: number])[] = [
  [50, 1],
  [50, 5],
  [100, 5],
  [200, 1],
  [200, 5],
];

print(`${SUITES} suites a cell: share that is called worse`);
print(
  "rule                            ".concat(SIZES.map(([cases, runs]) => `${cases}x${runs}`.padStart(16)).join("")),
);
print("                                ".concat(SIZES.map(() => "equal   -5pt".padStart(16)).join("")));
for (const [name, rule] of RULES) {
  const cells = SIZES.map(([cases, runs]) => {
    const equal = share({ cases, runs, broken: 0, mended: 0 }, rule, 1);
    const worse = share({ cases, runs, broken: 0.05, mended: 0 }, rule, 2);
    return `${fixedPercent(equal, 1)}  ${fixedPercent(worse, 1)}`.padStart(16);
  });
  print(name.padEnd(32).concat(cells.join("")));
}

print(`\nshare of ${SUITES} suites that is called equivalent within 2%, 5 runs`);
for (const [name, broken, mended] of [
  ["equal", 0, 0],
  ["worse by 2 points", 0.02, 0],
  ["better by 2 points", 0, 0.02],
  ["3% broken, 1% mended", 0.03, 0.01],
] as const) {
  const cells = [100, 200, 400, 800].map((cases) => {
    const says = (all: readonly CaseCounts[]): boolean => suiteWord(all, MARGIN).word === "equivalent";
    return `${cases}: ${fixedPercent(share({ cases, runs: 5, broken, mended }, says, 3), 1)}`.padStart(14);
  });
  print(name.padEnd(24).concat(cells.join("")));
}

print("\na suite that is answered at once");
for (const cases of isShort ? [500] : [500, 2000]) {
  const { questions, readMs, askMs, judgeMs, askMib, judgeMib, verdict } = await largeSuite(cases, 3);
  print(
    `${cases} cases x 2 models x 3 runs (${questions} answers, ${verdict}): read ${Math.round(readMs)} ms, asked ${Math.round(askMs)} ms, judged ${Math.round(judgeMs)} ms; memory ${Math.round(askMib)} MiB asking, ${Math.round(judgeMib)} MiB judging`,
  );
}
