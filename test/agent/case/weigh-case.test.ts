import { describe, expect, it } from "vitest";
import type { CaseFacts, ModelEnd, Point } from "../../../agent/case/case.ts";
import type { SuiteResult } from "../../../agent/case/suite-result.ts";
import { weighCase } from "../../../agent/case/weigh-case.ts";
import type { Why } from "../../../core/why.ts";
import { aMigration } from "../../fixtures/a-migration.ts";

const NOW = Date.UTC(2026, 10, 30, 12);
const DAY = 86_400_000;
const inDays = (days: number): string => new Date(NOW + days * DAY).toISOString().slice(0, 10);

const end = (days: number): ModelEnd => ({ retires: inDays(days), notBefore: null, source: "the vendor" });
const STAYS: ModelEnd = { retires: null, notBefore: null, source: "the vendor" };
const CHEAPER = { calls: 5000, days: 7, baselineUsd: 0.004, candidateUsd: 0.002 };

const suite = (fields: Partial<SuiteResult> = {}): SuiteResult => ({
  ...{ schema: "leeway.suite-result/1", verdict: "equivalent", baseline: "gpt-old", candidate: "gpt-new" },
  ...{ n: 400, date: inDays(-10) },
  ...fields,
});

const facts = (why: Why | undefined, known: Partial<CaseFacts> = {}): CaseFacts => ({
  migration: aMigration({
    stages: [{ kind: "canary", share: 0.05, forMs: 20 * DAY, approval: false }],
    ...(why === undefined ? {} : { why }),
  }),
  now: NOW,
  ends: { baseline: STAYS, candidate: STAYS },
  suite: null,
  cost: { unknown: "the spans were not read" },
  startedAt: null,
  ...known,
});

const texts = (points: readonly Point[], about: Point["about"]) =>
  points.filter((point) => point.about === about).map(({ speaks, text }) => `${speaks}: ${text}`);

describe("whether to begin a migration", () => {
  it.each<[string, Why | undefined, Partial<CaseFacts>, string, RegExp]>([
    [
      "the baseline ends soon",
      undefined,
      { ends: { baseline: end(60), candidate: STAYS } },
      "migrate",
      /the end of the/,
    ],
    ["it ends soon, by the document alone", { deprecation: inDays(60) }, {}, "migrate", /the end of the baseline/],
    ["it has ended", { deprecation: inDays(-400) }, {}, "migrate", /the end of the baseline/],
    ["it ends in a year", { deprecation: inDays(365) }, {}, "defer", /the end of the baseline speaks against/],
    ["a benchmark alone", { improvement: { benchmark: "MMLU +4" } }, {}, "defer", /never on benchmarks alone/],
    [
      "a benchmark, and a suite of other models",
      { improvement: { benchmark: "MMLU +4", suite: "s.json" } },
      { suite: suite({ candidate: "gpt-other" }) },
      "defer",
      /never on benchmarks alone/,
    ],
    [
      "a better suite",
      { improvement: { suite: "s" } },
      { suite: suite({ better: 40, worse: 12 }) },
      "migrate",
      /your suite/,
    ],
    [
      "an equal suite",
      { improvement: { suite: "s" } },
      { suite: suite({ better: 20, worse: 18 }) },
      "defer",
      /equivalent/,
    ],
    ["less cost, measured", { cost: "half" }, { cost: CHEAPER }, "migrate", /cost speaks for it/],
    ["less cost, not measured", { cost: "half" }, {}, "undecided", /too little is known/],
    ["more cost", { cost: "half" }, { cost: { ...CHEAPER, candidateUsd: 0.006 } }, "defer", /cost speaks against/],
    [
      "as good as no saving",
      { cost: "5%" },
      { cost: { ...CHEAPER, candidateUsd: 0.0038 } },
      "defer",
      /cost speaks against/,
    ],
    ["a saving nobody gave as a reason", undefined, { cost: CHEAPER }, "undecided", /nothing that can be weighed/],
    ["a reason in words", { other: "the contract ends" }, {}, "undecided", /nothing that can be weighed/],
    ["nothing at all", undefined, {}, "undecided", /nothing that can be weighed/],
    [
      "a baseline that ends, and a suite that is against it",
      { deprecation: inDays(20), improvement: { suite: "s" } },
      { suite: suite({ verdict: "not-equivalent" }) },
      "defer",
      /your suite stands against it/,
    ],
    [
      "a baseline that ends, and a candidate that ends soon after",
      { deprecation: inDays(20) },
      { ends: { baseline: null, candidate: end(100) } },
      "defer",
      /the end of the candidate stands against it/,
    ],
    [
      "a dearer candidate where the baseline ends",
      { deprecation: inDays(20) },
      { cost: { ...CHEAPER, candidateUsd: 1 } },
      "migrate",
      /the end/,
    ],
  ])("by %s", (_what, why, known, advice, because) => {
    const weighed = weighCase(facts(why, known));
    expect([weighed.advice, weighed.because]).toEqual([advice, expect.stringMatching(because)]);
  });

  it("says of whose days it goes by the earlier, and by when the plan has to begin", () => {
    const { points } = weighCase(facts({ deprecation: inDays(90) }, { ends: { baseline: end(60), candidate: STAYS } }));
    expect(texts(points, "baseline")).toEqual([
      expect.stringMatching(/^for: the baseline is retired in \d+ days, on 2027-01-29 \(the vendor\)$/),
      expect.stringMatching(/^note: the document has .* 2027-02-28, the vendor on 2027-01-29; the earlier day counts$/),
    ]);
    expect(texts(points, "plan")).toEqual([
      expect.stringMatching(/takes 20\.0 d at least: it has to begin by 2027-01-09/),
    ]);
    const late = weighCase(facts({ deprecation: inDays(10) }));
    expect(texts(late.points, "plan")[0]).toContain("cannot end before the baseline does");
  });

  it("says that a vendor promises longer than the document believes, and what nobody knows", () => {
    const promised = { retires: null, notBefore: inDays(300), source: "the vendor" };
    const { points } = weighCase(facts({ deprecation: inDays(30) }, { ends: { baseline: promised, candidate: null } }));
    expect(texts(points, "baseline")[1]).toMatch(/promises it until/);
    expect(texts(points, "candidate")).toEqual([
      expect.stringMatching(/^unknown: when the candidate gpt-new is retired/),
    ]);
    const unknown = weighCase(facts(undefined, { ends: { baseline: null, candidate: null } }));
    expect(texts(unknown.points, "baseline")).toEqual([expect.stringMatching(/^unknown: when the baseline gpt-old/)]);
  });

  it.each<[string, Partial<SuiteResult>, RegExp]>([
    ["is of another model", { baseline: "gpt-older" }, /^unknown: .*it is of gpt-older and gpt-new/],
    ["is old", { date: inDays(-91) }, /^unknown: .* 91 days ago; run it again/],
    ["is of tomorrow", { date: inDays(2) }, /^unknown: .* still to come/],
    ["has no case", { n: 0 }, /^unknown: .*no case/],
    ["is undecided", { verdict: "undecided" }, /^unknown: your suite is undecided \(400 cases, /],
    ["is better by chance", { better: 6, worse: 2 }, /^note: .*equivalent \(400 cases, better in 6 and worse in 2/],
    ["is better beyond chance", { better: 9, worse: 1 }, /^for: /],
    ["has no cases it differs in", { better: 0, worse: 0 }, /^note: /],
  ])("takes a suite's result that %s for what it is", (_what, fields, expected) => {
    const { points } = weighCase(facts({ improvement: { suite: "s.json" } }, { suite: suite(fields) }));
    expect(texts(points, "suite")).toEqual([expect.stringMatching(expected)]);
  });

  it("says that a migration runs already, and of a baseline that costs nothing that nothing can be saved", () => {
    const { points } = weighCase(facts({ cost: "x" }, { startedAt: NOW - DAY, cost: { ...CHEAPER, baselineUsd: 0 } }));
    expect(texts(points, "plan")).toEqual([expect.stringContaining("this was decided already")]);
    expect(texts(points, "cost")[0]).toMatch(/^unknown: .*\(unknown\)/);
    expect(texts(points, "cost")[0]).not.toMatch(/NaN|Infinity/);
  });
});
