import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DOUBT_ORDER, UNDECIDED_REASONS } from "../../core/undecided-reasons.ts";

const page = readFileSync(new URL("../../docs/statistics.md", import.meta.url), "utf8");

const rows = page
  .slice(page.indexOf("## 9. When the data are in doubt"), page.indexOf("## 10."))
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => line.split("|").map((cell) => cell.trim()));

test("docs/statistics.md has one line per undecided reason, in the words people are shown", () => {
  const expected = Object.entries(UNDECIDED_REASONS).map(([name, { meaning, advice }]) => [
    `\`${name}\``,
    meaning,
    advice,
  ]);
  expect(rows.map(([, ...cells]) => cells.slice(0, 3))).toEqual(expected);
});

test("every doubt has its place in the order, and none passes by itself", () => {
  const own = ["no-data", "baseline-ill-too"];
  const others = Object.entries(UNDECIDED_REASONS).filter(([name, { passes }]) => !passes && !own.includes(name));
  expect(others.map(([name]) => name).toSorted()).toEqual(DOUBT_ORDER.toSorted());
});
