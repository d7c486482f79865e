// npm run bench:judge: a judge of known error and bias, read by the gate: how often it opens where it must not, and labels of
// people needed where it may, by the judge alone, the labels alone, and both. 2,000 runs a row; `-- --short` 100.
import { judgeOf, type Method, type RunSettings, type Said, simulate } from "./simulate.ts";

const RUNS = process.argv.includes("--short") ? 100 : 2000;
/** Open pairs: those that facts leave undecided. 15% of a fifth of the traffic is the gate's 3%. */
const SETTINGS: RunSettings = { limit: 0.15, alpha: 0.05, maxLabels: 400, read: 5000 };
const METHODS: readonly Method[] = ["judge alone", "labels alone", "corrected"];

/** Wrong in this part of the pairs, and this part more called worse than are. */
const JUDGES: readonly (readonly [error: number, bias: number])[] = [
  ...([
    [0, 0],
    [0.05, 0],
    [0.1, 0],
    [0.1, 0.05],
    [0.1, -0.05],
    [0.2, 0],
    [0.2, 0.1],
    [0.2, -0.1],
  ] as const),
];

const percent = (share: number, decimals = 0): string => `${(share * 100).toFixed(decimals)}%`;

const runs = (rate: number, error: number, bias: number, settings: RunSettings): readonly Said[] =>
  Array.from({ length: RUNS }, (_, seed) => simulate(judgeOf(rate, error, bias), settings, seed));

const median = (counts: readonly (number | null)[]): string => {
  const sorted = counts.map((count) => count ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.POSITIVE_INFINITY;
  return Number.isFinite(middle) ? String(middle) : "never";
};

const print = (cells: readonly string[]): void => {
  process.stdout.write(`${cells.map((cell, at) => (at < 2 ? cell.padEnd(8) : cell.padStart(15))).join("")}\n`);
};

const table = (
  title: string,
  rate: number,
  settings: RunSettings,
  cell: (all: readonly Said[], method: Method) => string,
): void => {
  process.stdout.write(`\n${title}\n`);
  print(["wrong", "bias", ...METHODS]);
  for (const [error, bias] of JUDGES) {
    // A judge cannot miss more than there are.
    if (error - bias > 2 * rate) continue;
    const all = runs(rate, error, bias, settings);
    print([percent(error), percent(bias), ...METHODS.map((method) => cell(all, method))]);
  }
};

const wrongly = (all: readonly Said[], method: Method): string =>
  percent(all.filter((said) => said[method] !== null).length / all.length, 2);
const labels = (all: readonly Said[], method: Method): string => median(all.map((said) => said[method]));

const { limit, alpha, maxLabels, read } = SETTINGS;
process.stdout.write(
  `${RUNS} runs a row, the judge reads ${read} pairs, people at most ${maxLabels}, alpha ${alpha}\n`,
);
table(
  `opens though ${percent(limit)} are worse, the limit (at most ${percent(alpha)} is right)`,
  limit,
  SETTINGS,
  wrongly,
);
for (const [rate, high, most, judged] of [
  ...([
    [0.05, 0.15, 400, 5000],
    [0.2, 0.3, 600, 5000],
    [0.3, 0.38, 1500, 5000],
    [0.3, 0.38, 1500, 20_000],
  ] as const),
])
  table(
    `labels until it opens: ${percent(rate)} are worse, limit ${percent(high)}, the judge has read ${judged} (median)`,
    rate,
    { ...SETTINGS, limit: high, maxLabels: most, read: judged },
    labels,
  );
