import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { METRICS } from "../../status/metric-table.ts";

const text = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

const cells = (line: string): string[] =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());

describe("docs/metrics.md", () => {
  const rows = text("docs/metrics.md")
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map(cells);

  it("lists every metric with its type, labels and help, as /metrics declares them", () => {
    const declared = [...METRICS.values()].map(({ name, type, labels, help }) => [
      `\`${name}\``,
      type,
      labels.map((label) => `\`${label}\``).join(", "),
      help,
    ]);
    expect(rows).toEqual(declared);
  });

  it("calls counters _total, and only those", () => {
    for (const { name, type } of METRICS.values()) expect(name.endsWith("_total"), name).toBe(type === "counter");
  });
});

describe("the other pages", () => {
  it.each([
    "README.md",
    ...["instrumentation", "intake", "listeners", "monitors", "storage"].map((name) => `docs/${name}.md`),
  ])("%s names metrics that there are", (path) => {
    const named = [...text(path).matchAll(/`(leeway_[a-z_]+[a-z])`/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !METRICS.has(name))).toEqual([]);
  });
});
