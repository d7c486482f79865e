import { describe, expect, it } from "vitest";
import type { PairRow } from "../../../core/pair-row.ts";
import { seededRandom } from "../../../core/seeded-random.ts";
import { createPairFold, type PairFold } from "../../../detectors/pairs/pair-fold.ts";
import type { SegmentReading } from "../../../detectors/pairs/pair-report.ts";
import { pairRow } from "./pair-rows.ts";

type Random = () => number;
const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

const CODES = [
  ...["text", "spelling", "refusal-new", "refusal-gone", "schema-broken", "answer", "numbers", "value:x", "key-new:a"],
  ...["tool-lost:s", "of-a-later-version", ":", "__proto__", "tool-extra:#1"],
];
const WORDS = ["prefers-candidate", "prefers-baseline", "tie", "inconsistent", "valueOf", ""];

const labelsFrom = (random: Random): PairRow["labels"] => ({
  ...{ judge: pick(random, WORDS), judge_version: pick(random, ["v1", "v2", ""]) },
  ...{ judge_first: pick(random, ["candidate", "baseline", "tie"]), judge_second: pick(random, ["candidate", "x"]) },
  ...(random() < 0.3 ? { person: pick(random, WORDS) } : {}),
  ...(random() < 0.2 ? { rule: pick(random, ["better", "worse", "same", "?"]) } : {}),
});

const numbersFrom = (random: Random): PairRow["numbers"] => ({
  ...{ similarity_tokens: pick(random, [0, 0.5, 1, Number.NaN, -3, 1e9]), similarity_chars: random() },
  ...(random() < 0.4 ? { similarity_semantic: random() * 2 - 1 } : {}),
  length_ratio: pick(random, [0, 0.5, 1, 3, Number.NaN]),
});

/** Any row: of nobody, of a later version, with numbers that are none. */
const rowFrom = (random: Random, changes: number, i: number): PairRow =>
  pairRow({
    ...{ kind: random() < 0.2 ? "rerun" : "candidate", outcome: random() < 0.05 ? "failed" : "paired" },
    cluster: pick(random, ["", "a", `u${i % 7}`, `u${i}`]),
    segments: random() < 0.5 ? { t: pick(random, ["a", "b", "", "x\n\u001b[2J"]), "": "x" } : {},
    numbers: random() < 0.2 ? {} : numbersFrom(random),
    changed: CODES.filter(() => random() < changes).sort(),
    labels: random() < 0.3 ? labelsFrom(random) : {},
    served_values: ["format:prose", `length:${Math.floor(random() * 9)}`],
    other_values: [`format:${pick(random, ["prose", "json"])}`, `tool:${Math.floor(random() * 40)}`],
  });

const foldFrom = (
  seed: number,
): { readonly fold: PairFold; readonly rows: readonly PairRow[]; readonly random: Random } => {
  const random = seededRandom(seed);
  const critical = [{ name: "t", values: ["a", "z"], limit: pick(random, [0, 0.01, 1]) }];
  const fold = createPairFold({ limit: pick(random, [0, 0.03, 1]), novel: pick(random, [0, 0.005, 1]), critical });
  const changes = 0.15 * random();
  const rows = Array.from({ length: Math.floor(random() * 700) }, (_, i) => rowFrom(random, changes, i));
  for (const row of rows) fold.add(row);
  return { fold, rows, random };
};

const hold = (reading: SegmentReading): void => {
  const { classes, pairs, upper, lower, novel, open, designEffect, unseenAtMost, outcome, reason } = reading;
  expect(Object.values(classes).reduce((sum, each) => sum + each, 0)).toBe(pairs);
  expect(Math.min(...Object.values(classes), open.pairs)).toBeGreaterThanOrEqual(0);
  for (const share of [upper, lower, novel, open.counted, unseenAtMost]) expect(share >= 0 && share <= 1).toBe(true);
  expect(designEffect).toBeGreaterThanOrEqual(1);
  expect(outcome === "clear" && pairs === 0).toBe(false);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is what is tested
  expect(reason).not.toMatch(/[\u0000-\u001f]/);
};

describe("any rows, in any order", () => {
  it("are counted whole, within the ranges that are stated, whatever people say of them", () => {
    for (let seed = 0; seed < 20; seed++) {
      const { fold, rows, random } = foldFrom(seed);
      const report = fold.report();
      report.segments.forEach(hold);
      const candidates = rows.filter(({ kind, outcome }) => kind === "candidate" && outcome === "paired");
      const ids = (report.segments[0]?.clusters ?? []).slice(0, 5).map(({ id }) => id);
      const words = ["tie", "prefers-baseline", "prefers-candidate"] as const;
      const said = fold.report({
        clusters: ids.map((cluster) => ({
          cluster,
          segment: "",
          class: pick(random, ["neutral", "regression"] as const),
        })),
        pairs: candidates.slice(0, 10).map((row) => ({ row, class: "neutral" as const })),
        labels: candidates.slice(10, 80).map((row) => ({ row, word: pick(random, words) })),
      });
      said.segments.forEach(hold);
      expect(said.segments[0]?.pairs).toBe(report.segments[0]?.pairs);
    }
  });
});
