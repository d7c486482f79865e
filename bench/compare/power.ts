// npm run bench:compare-power -- FOLDER [runs]: what `leeway compare` finds of changes planted into real answers of one model, beside
// Bonferroni over plain tests of the same measures, and how often it finds something where nothing was planted. FOLDER holds
// S4.jsonl in the record format: one model against itself.
import { join } from "node:path";
import { measuresFor } from "../../agent/compare/measures.ts";
import { observe } from "../../agent/compare/observe.ts";
import { readRecords } from "../../agent/compare/read-records.ts";
import type { AnswerRecord } from "../../agent/compare/record.ts";
import { seededRandom } from "../../core/seeded-random.ts";
import { compare } from "../../detectors/compare/compare.ts";
import { plainFindings } from "./plain-tests.ts";
import { PLANTS, type Plant, planted } from "./plants.ts";

const [folder = "test/data/llmdrift", runsText = "10"] = process.argv.slice(2);
const runs = Number(runsText);
const { records } = await readRecords(join(folder, "S4.jsonl"), null);

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Random halves of so many answers each, by themselves: which prompt they answer is not told. */
const halves = (n: number, random: () => number): readonly (readonly AnswerRecord[])[] => {
  const shuffled = records.map((record) => ({ record, at: random() })).sort((a, b) => a.at - b.at);
  return (["baseline", "canary"] as const).map((cohort, half) =>
    shuffled.slice(half * n, (half + 1) * n).map(({ record }) => ({ ...record, cohort, prompt_id: undefined })),
  );
};

interface Found {
  readonly leeway: boolean;
  readonly plain: boolean;
}

const look = (both: readonly AnswerRecord[], named: readonly string[] | null): Found => {
  const [measures, observations] = [measuresFor(both), observe(both)];
  const { findings } = compare(measures, observations);
  const names = findings.flatMap(({ feature, also }) => [feature, ...also]);
  const plain = plainFindings(measures, observations);
  const isFound = (found: readonly string[]): boolean =>
    named === null ? found.length > 0 : found.some((name) => named.includes(name));
  return { leeway: isFound(names), plain: isFound(plain) };
};

const FROM = 0.1;

const row = (name: string, n: number, of: (random: () => number) => Found): void => {
  const found = Array.from({ length: runs }, (_, seed) => of(seededRandom(1000 * n + seed)));
  const count = (who: keyof Found): string => `${found.filter((each) => each[who]).length}/${runs}`;
  print(`| ${name} | ${n} | ${count("leeway")} | ${count("plain")} |`);
};

const plantedRow = (plant: Plant, n: number, rise: number): void =>
  row(`${plant.name} 10% to ${Math.round(100 * (FROM + rise))}%`, n, (random) => {
    const [baseline = [], canary = []] = halves(n, random);
    return look(
      [...planted(baseline, plant, FROM, random), ...planted(canary, plant, FROM + rise, random)],
      plant.named,
    );
  });

print("| planted | a side | leeway compare | Bonferroni |");
print("| --- | --- | --- | --- |");
for (const n of [100, 400]) {
  for (const plant of PLANTS) for (const rise of [0.1, 0.2, 0.3]) plantedRow(plant, n, rise);
  row("nothing", n, (random) => look(halves(n, random).flat(), null));
}
