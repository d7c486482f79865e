import { describe, expect, it } from "vitest";
import type { PairRow } from "../../../core/pair-row.ts";
import { createPairFold } from "../../../detectors/pairs/pair-fold.ts";
import { PAIR_CLASSES, type PairClass } from "../../../detectors/pairs/triage.ts";
import { alike, pairRow } from "./pair-rows.ts";

const rowsOf = (count: number, fields: (i: number) => Partial<PairRow>): PairRow[] =>
  Array.from({ length: count }, (_, i) => pairRow(fields(i)));

const mixed = (): PairRow[] => [
  ...rowsOf(120, (i) => ({ kind: "rerun", ...alike(0.9 + (i % 10) / 100), segments: { tier: "free" } })),
  ...rowsOf(400, (i) => ({ ...alike(1), segments: { tier: i % 2 === 0 ? "free" : "paid" } })),
  ...rowsOf(30, () => ({ changed: ["refusal-new", "text"], segments: { tier: "paid" } })),
  ...rowsOf(20, () => ({ ...alike(0.2), segments: { tier: "free" } })),
  ...rowsOf(10, () => ({ changed: ["schema-mended"], segments: {} })),
];

const foldOf = (rows: readonly PairRow[]) => {
  const fold = createPairFold();
  for (const row of rows) fold.add(row);
  return fold;
};

describe("what a pair is", () => {
  it("is what the report counts it as, in every segment", () => {
    const rows = mixed();
    const fold = foldOf(rows);
    const sort = fold.sorter();
    const counts = new Map<string, Record<PairClass, number>>();
    for (const row of rows.filter(({ kind }) => kind === "candidate"))
      for (const { segment, class: own } of sort(row)) {
        const known = counts.get(segment) ?? (Object.fromEntries(PAIR_CLASSES.map((each) => [each, 0])) as never);
        counts.set(segment, { ...known, [own]: known[own] + 1 });
      }
    const report = fold.report();
    expect(report.segments).toHaveLength(3);
    for (const { segment, classes } of report.segments) expect(counts.get(segment)).toEqual(classes);
  });

  it("has the id of its cluster, and none where nothing differs", () => {
    const rows = mixed();
    const fold = foldOf(rows);
    const sort = fold.sorter();
    const ids = new Set(fold.report().segments[0]?.clusters.map(({ id }) => id));
    const refused = rows.find(({ changed }) => changed.includes("refusal-new")) ?? pairRow();
    const [all] = sort(refused);
    expect(all).toMatchObject({ segment: "", class: "regression", rule: "fact-against" });
    expect(ids.has(all?.cluster ?? "")).toBe(true);
    expect(sort(pairRow(alike(1)))[0]).toMatchObject({ class: "neutral", cluster: "" });
  });

  it("is what a person said of its cluster, in the segment it was said of", () => {
    const rows = mixed();
    const fold = foldOf(rows);
    const refused = rows.find(({ changed }) => changed.includes("refusal-new")) ?? pairRow();
    const cluster = fold.sorter()(refused)[0]?.cluster ?? "";
    const sort = fold.sorter([{ cluster, segment: "tier=paid", class: "improvement" }]);
    expect(sort(refused).map((each) => [each.segment, each.class, each.rule])).toEqual([
      ["", "regression", "fact-against"],
      ["tier=paid", "improvement", "override"],
    ]);
  });

  it("is undecided before there are reruns, and the version says when that changed", () => {
    const rows = rowsOf(5, () => alike(0.3));
    const fold = foldOf(rows);
    const before = fold.version();
    expect(fold.sorter()(rows[0] ?? pairRow())[0]).toMatchObject({ class: "undecided", rule: "nothing" });
    for (const row of rowsOf(80, () => ({ kind: "rerun", ...alike(0.2) }))) fold.add(row);
    expect(fold.version()).not.toBe(before);
    expect(fold.sorter()(rows[0] ?? pairRow())[0]?.class).toBe("neutral");
  });
});
