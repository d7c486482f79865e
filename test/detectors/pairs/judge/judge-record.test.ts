import { describe, expect, it } from "vitest";
import type { JudgeWord, OrderWord } from "../../../../core/pair-measures.ts";
import type { PairRow } from "../../../../core/pair-row.ts";
import { createJudgeRecord, type JudgeReading } from "../../../../detectors/pairs/judge/judge-record.ts";
import { createPairFold } from "../../../../detectors/pairs/pair-fold.ts";
import { alike, pairRow, reruns, rows } from "../pair-rows.ts";

const judged = (judge: JudgeWord, more: Readonly<Record<string, string>> = {}): Pick<PairRow, "labels"> => ({
  labels: { judge, judge_version: "v1", ...more },
});
const orders = (first: OrderWord, second: OrderWord, judge: JudgeWord) =>
  judged(judge, { judge_first: first, judge_second: second });
const cycle = (n: number, words: readonly JudgeWord[], fields: Partial<PairRow> = {}) =>
  rows(n, (i) => ({ kind: "rerun", ...fields, ...judged(words[i % words.length] ?? "tie") }));
const reading = (all: readonly PairRow[]): JudgeReading => {
  const record = createJudgeRecord();
  for (const row of all) record.add(row);
  return record.reading();
};
const EVEN: readonly JudgeWord[] = ["prefers-candidate", "prefers-baseline", "tie"];

describe("a judge", () => {
  it("may not speak before it was tried on reruns", () => {
    expect(reading(cycle(29, EVEN))).toMatchObject({
      fitness: "unknown",
      reason: "it has read 29 of the 30 reruns it is tried on",
    });
    expect(reading(cycle(30, EVEN)).fitness).toBe("fit");
    expect(reading(cycle(30, ["tie"])).fitness).toBe("fit");
  });

  it("that prefers one of two answers of the same model is unfit", () => {
    expect(reading(cycle(60, ["prefers-candidate"]))).toMatchObject({
      fitness: "unfit",
      rerunsPreferSecond: { value: 1 },
    });
  });

  it("that prefers the longer answer is unfit", () => {
    const tall = (i: number): Partial<PairRow> => {
      const isLonger = i % 2 === 0;
      return {
        ...{ kind: "rerun", numbers: { length_ratio: isLonger ? 1.5 : 0.6 } },
        ...judged(isLonger ? "prefers-candidate" : "prefers-baseline"),
      };
    };
    expect(reading(rows(100, tall))).toMatchObject({
      fitness: "unfit",
      reason: "it prefers the longer answer, whatever it says",
    });
    const rightly = (i: number) => ({ ...tall(i), ...judged(i % 4 < 2 ? "prefers-candidate" : "prefers-baseline") });
    expect(reading(rows(100, rightly)).fitness).toBe("fit");
  });

  it("that prefers what comes first is told so, with an interval", () => {
    const first = reading(rows(100, () => orders("baseline", "candidate", "inconsistent")));
    expect(first.prefersFirst).toMatchObject({ n: 200, value: 1 });
    expect(first.prefersFirst.lower).toBeGreaterThan(0.9);
    expect(first.inconsistent.value).toBe(1);
    const neither = reading(rows(100, () => orders("candidate", "candidate", "prefers-candidate")));
    expect(neither.prefersFirst.value).toBe(0.5);
    expect(reading(rows(5, () => orders("tie", "tie", "tie"))).prefersFirst).toMatchObject({ n: 0, value: null });
  });

  it("is compared with people who read the same", () => {
    const { agrees } = reading(rows(40, (i) => judged("tie", { person: i < 30 ? "tie" : "prefers-candidate" })));
    expect(agrees).toMatchObject({ n: 40, value: 0.75 });
    expect(agrees.lower).toBeGreaterThan(0.5);
    expect(agrees.upper).toBeLessThan(0.95);
  });

  it("of another version begins anew, and a late row of the earlier one changes nothing", () => {
    const record = createJudgeRecord();
    for (const row of cycle(40, EVEN)) record.add(row);
    expect(record.reading().fitness).toBe("fit");
    expect(record.add(pairRow({ kind: "rerun", ...judged("tie", { judge_version: "v2" }) }))).toBe(true);
    expect(record.reading()).toMatchObject({ version: "v2", fitness: "unknown", reruns: 1 });
    expect(record.add(pairRow(judged("tie")))).toBe(false);
    expect(record.reading()).toMatchObject({ version: "v2", pairs: 0 });
  });
});

describe("the gate with a judge", () => {
  const tried = [...reruns(100), ...cycle(60, EVEN, alike(0.9))];
  const open = (n: number, make: (i: number) => Partial<PairRow> = () => ({})) =>
    rows(n, (i) => ({ ...alike(0.2), cluster: `u${i % 400}`, ...make(i) }));
  const fine = rows(9000, (i) => ({ ...alike(1), cluster: `u${i % 400}` }));
  const report = (all: readonly PairRow[]) => {
    const fold = createPairFold();
    for (const row of all) fold.add(row);
    const made = fold.report();
    return { ...made, overall: made.segments[0] };
  };

  it("counts an undecided pair by what the judge says of those it read", () => {
    const unread = report([...tried, ...fine, ...open(1000)]);
    expect(unread.evidence.outcome).toBe("undecided");
    expect(unread.overall?.open).toEqual({ pairs: 1000, counted: 1, by: "nothing" });
    const read = report([...tried, ...fine, ...open(1000, (i) => (i % 2 ? judged("tie") : {}))]);
    expect(read.overall?.open).toMatchObject({ pairs: 1000, by: "judge" });
    expect(read.overall?.open.counted).toBeLessThan(0.1);
    expect(read.evidence.outcome).toBe("clear");
    expect(read.overall?.classes).toMatchObject({ undecided: 500, neutral: 9500 });
  });

  it("is widened by what the judge itself is unsure of", () => {
    const counted = (unsure: number): number =>
      report([...tried, ...fine, ...open(1000, (i) => judged(i % 100 < unsure ? "inconsistent" : "tie"))]).overall?.open
        .counted ?? 0;
    expect(counted(20)).toBeGreaterThan(counted(0) + 0.2);
  });

  it("hears no judge that is not known to be fit", () => {
    const all = [...reruns(100), ...cycle(29, EVEN, alike(0.9)), ...fine, ...open(1000, () => judged("tie"))];
    expect(report(all).overall).toMatchObject({ open: { counted: 1, by: "nothing" }, classes: { undecided: 1000 } });
  });

  it("corrects it by people from thirty on, whatever it says", () => {
    const person = (i: number) => (i < 200 ? { person: i % 2 ? "prefers-baseline" : "tie" } : {});
    const all = [...tried, ...fine, ...open(1000, (i) => judged("tie", person(i)))];
    const { overall } = report(all);
    expect(overall?.open).toMatchObject({ by: "labels" });
    expect(overall?.open.counted).toBeGreaterThan(0.5);
    expect(overall?.read).toEqual({ judge: 1000, person: 200 });
    expect(report(all).evidence.outcome).toBe("undecided");
  });

  it("is corrected by labels that come after the rows, as by those that came with them", () => {
    const person = (i: number) => (i % 2 ? ("prefers-baseline" as const) : ("tie" as const));
    const later = open(1000, () => judged("tie"));
    const fold = createPairFold();
    for (const row of [...tried, ...fine, ...later]) fold.add(row);
    const labels = later.slice(0, 200).map((row, i) => ({ row, word: person(i) }));
    const made = fold.report({ labels });
    const [overall] = made.segments;
    const before = report([
      ...tried,
      ...fine,
      ...open(1000, (i) => judged("tie", i < 200 ? { person: person(i) } : {})),
    ]);
    expect(overall?.open).toEqual(before.overall?.open);
    expect(overall?.classes).toEqual(before.overall?.classes);
    expect(overall?.read).toEqual({ judge: 1000, person: 200 });
    expect(made.judge?.agrees).toEqual(before.judge?.agrees);
  });

  it("makes what the judge before said void", () => {
    const all = [...tried, ...fine, ...open(1000, () => judged("tie"))];
    const renewed = pairRow({ kind: "rerun", ...judged("tie", { judge_version: "v2" }) });
    expect(report([...all, renewed]).overall?.open).toMatchObject({ by: "nothing", counted: 1 });
  });
});
