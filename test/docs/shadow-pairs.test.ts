import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { PAIR_CHANGES, PAIR_LABELS, PAIR_NUMBERS, PAIR_VALUES } from "../../core/pair-measures.ts";
import { TRIAGE } from "../../detectors/pairs/triage.ts";

const text = readFileSync(new URL("../../docs/shadow-pairs.md", import.meta.url), "utf8");
const rows = text.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
const RANGES = { share: "0 to 1", ratio: "above 0", count: "0 and up", flag: "1 or 0", cosine: "-1 to 1" } as const;

test.each(Object.entries(PAIR_NUMBERS))("the documentation describes the number %s", (name, { unit, about }) => {
  expect(rows).toContainEqual(["", `\`${name}\``, RANGES[unit], about, ""]);
});

test.each(Object.entries(PAIR_CHANGES))(
  "the documentation describes the change %s",
  (name, { weight, value, about }) => {
    expect(rows).toContainEqual(["", `\`${name}${value === "none" ? "" : `:${value}`}\``, weight, about, ""]);
  },
);

test.each(Object.entries({ ...PAIR_VALUES, ...PAIR_LABELS }))("the documentation describes %s", (name, about) => {
  expect(rows).toContainEqual(["", `\`${name}\``, about, ""]);
});

describe("the rules of triage", () => {
  it("stand in the documentation in the order in which they are asked", () => {
    const abouts = Object.values(TRIAGE).map(({ about }) => about);
    const told = rows.filter(([, , cell]) => cell !== undefined && abouts.includes(cell));
    expect(told.map(([, rule, about]) => [rule, about])).toEqual(
      Object.entries(TRIAGE).map(([rule, { about }]) => [`\`${rule}\``, about]),
    );
  });
});
