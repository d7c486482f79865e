import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { PLAYBOOK } from "../../agent/config/rule-schema.ts";
import { membersOf } from "../../core/exhaustive.ts";
import type { RuleDirection, RuleReference, RuleUnit, Severity } from "../../core/migration.ts";
import { SIGNAL_NAMES, SIGNALS, signalOf } from "../../core/signals.ts";

const text = readFileSync(new URL("../../docs/migrations.md", import.meta.url), "utf8");

test("the playbook in the documentation is the playbook", () => {
  const block = /```yaml\n(- \{ signal: error[\s\S]*?)```/.exec(text)?.[1] ?? "";
  expect(parse(block)).toEqual(PLAYBOOK);
});

const cells = text.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
const from = cells.findIndex(([, first]) => first === "signal") + 2;
const table = cells.slice(
  from,
  cells.findIndex((row, i) => i >= from && row.length === 1),
);

test.each(Object.entries(SIGNALS))(
  "the documentation describes the signal %s as the catalogue does",
  (name, { unit, worse, about, of }) => {
    expect(table).toContainEqual(["", `\`${name}\``, unit, worse, about, of, ""]);
  },
);

test("the documentation describes evaluations as the catalogue does, and no signal that there is not", () => {
  const { unit, worse, about, of } = signalOf("evaluation.any");
  expect(table).toContainEqual(["", "`evaluation.<name>`", unit, worse, about, of, ""]);
  const known = [...SIGNAL_NAMES, "evaluation.<name>", "output_shape"].map((name) => `\`${name}\``);
  expect(table.map(([, name]) => name)).toEqual(known);
});

const VALUES: Readonly<Record<string, readonly string[]>> = {
  unit: membersOf<RuleUnit>({ absolute: true, points: true, relative: true, "absolute-increase": true }),
  direction: membersOf<RuleDirection>({ increase: true, drop: true, either: true }),
  // an absolute limit refers to nothing, and nobody writes that
  reference: membersOf<Exclude<RuleReference, "none">>({ baseline: true, projection: true }),
  severity: membersOf<Severity>({ rollback: true, pause: true }),
};

test.each(Object.entries(VALUES))("the documentation describes every %s of a rule", (key, values) => {
  const row = text.split("\n").find((line) => line.startsWith(`| \`${key}\``)) ?? "";
  expect(values.filter((value) => !row.includes(`\`${value}\``))).toEqual([]);
});
