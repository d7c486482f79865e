import { describe, expect, it } from "vitest";
import { unservedSegmentProblems } from "../../../agent/config/unserved-segments.ts";
import { stageText } from "../../../lifecycle/stages.ts";
import { revisionDifferences } from "../../../status/revision-differences.ts";
import { documentText, migrationOf, problemsOf } from "./documents.ts";

const text = (stages: string, segments = "segments: [tier, language]"): string =>
  documentText({ segments, stages: `stages: [${stages}]` });
const INTERNAL = "{ canary: 5%, for: 4h, segment: { tier: internal } }";
const plan = (stages: string, segments?: string) => migrationOf(text(stages, segments)).stages;

describe("a stage for a segment", () => {
  it("is read with whom it is for, in an order of segments", () => {
    const stages = plan(`${INTERNAL}, { canary: 5%, for: 4h, segment: { tier: low-risk } }, { canary: 25%, for: 4h }`);
    expect(stages.map(stageText)).toEqual(["canary 5% of tier internal", "canary 5% of tier low-risk", "canary 25%"]);
    expect(stages[0]).toMatchObject({ audience: { segment: "tier", values: ["internal"] }, share: 0.05 });
    expect(stages[2]).not.toHaveProperty("audience");
  });

  it("takes several values, numbers and truth values as they are written, each once and in one order", () => {
    const [stage] = plan("{ canary: 5%, for: 4h, segment: { tier: [b, 3, a, true, b] } }");
    expect(stage).toMatchObject({ audience: { values: ["3", "a", "b", "true"] } });
    const [other] = plan('{ canary: 5%, for: 4h, segment: { tier: ["3", "true", a, b] } }');
    expect(other).toEqual(stage);
  });

  it("compares values as the document's segments are normalised", () => {
    const [stage] = plan(
      '{ canary: 5%, for: 4h, segment: { tier: [" Internal ", INTERNAL] } }',
      "segments: [{ name: tier, normalise: [lower, trim] }]",
    );
    expect(stage).toMatchObject({ audience: { segment: "tier", values: ["internal"], normalise: ["trim", "lower"] } });
  });

  it("may be all of the segment, and then a part of everybody", () => {
    expect(plan("{ canary: 100%, for: 4h, segment: { tier: internal } }, { canary: 5%, for: 4h }")).toHaveLength(2);
  });

  it.each([
    [
      "a name the document does not have",
      "{ canary: 5%, for: 4h, segment: { teir: x } }",
      'stages[0].segment.teir: unknown segment "teir"; did you mean "tier"?',
    ],
    ["no name", "{ canary: 5%, for: 4h, segment: {} }", "stages[0].segment: empty; expected a name and a value"],
    [
      "two names",
      "{ canary: 5%, for: 4h, segment: { tier: a, language: de } }",
      "stages[0].segment: language beside tier; expected one name",
    ],
    ["no value", "{ canary: 5%, for: 4h, segment: { tier: [] } }", "stages[0].segment.tier"],
    [
      "an empty value",
      '{ canary: 5%, for: 4h, segment: { tier: "" } }',
      "stages[0].segment.tier: an empty value is no value",
    ],
    [
      "a value no span can carry",
      `{ canary: 5%, for: 4h, segment: { tier: ${"x".repeat(65)} } }`,
      "stages[0].segment.tier: longer than the 64 characters",
    ],
    ["a text instead", "{ canary: 5%, for: 4h, segment: internal }", "stages[0].segment"],
    [
      "another kind of stage",
      `{ baseline: 1h, segment: { tier: internal } }, ${INTERNAL}`,
      "stages[0].segment: says nothing in a stage of the kind baseline",
    ],
    [
      "the observation",
      `${INTERNAL}, { observe: 14d, holdback: 1%, segment: { tier: internal } }`,
      "stages[1].segment: says nothing in a stage of the kind observe",
    ],
    [
      "the same segment at the same share again",
      `${INTERNAL}, ${INTERNAL}`,
      "stages[1].canary: not above the stage before it; expected more than 5%, or another segment than tier internal",
    ],
    [
      "the same one two stages later",
      `${INTERNAL}, { canary: 5%, for: 4h, segment: { tier: low-risk } }, ${INTERNAL}`,
      "stages[2].canary: not above the stage before it",
    ],
    [
      "fewer values at the same share",
      "{ canary: 5%, for: 4h, segment: { tier: [a, b] } }, { canary: 5%, for: 4h, segment: { tier: a } }",
      "stages[1].canary: not above",
    ],
    [
      "one after a stage for everybody",
      `{ canary: 5%, for: 4h }, { canary: 50%, for: 4h, segment: { tier: internal } }`,
      "stages[1].canary: for tier internal after a stage for everybody; expected the stages with a segment first",
    ],
  ])("is refused: %s", (_what, stages, problem) => {
    expect(problemsOf(text(stages)).join("\n")).toContain(problem);
  });

  it("is refused where the document names no segment", () => {
    expect(
      problemsOf(documentText({ segments: "segments: []", stages: `stages: [${INTERNAL}]` })).join("\n"),
    ).toContain("stages[0].segment.tier: the document names no segment; expected segments: [tier]");
  });

  it("decides: another segment is another document, and none is the document it was", () => {
    const of = (stages: string) => migrationOf(text(stages));
    const plain = of("{ canary: 5%, for: 4h }");
    const internal = of(INTERNAL);
    const other = of("{ canary: 5%, for: 4h, segment: { tier: low-risk } }");
    expect(new Set([plain.hash, internal.hash, other.hash]).size).toBe(3);
    expect(internal.earlierHashes).not.toContain(plain.hash);
    expect(internal.earlierHashes.some((hash) => plain.earlierHashes.includes(hash))).toBe(false);
  });

  it.each([
    ["for everybody instead", "{ canary: 5%, for: 4h }", "looser"],
    ["for others instead", "{ canary: 5%, for: 4h, segment: { tier: low-risk } }", "looser"],
    ["for less of them", "{ canary: 1%, for: 4h, segment: { tier: internal } }", "tighter"],
  ])("differs in words: %s", (_what, stages, effect) => {
    const differences = revisionDifferences(migrationOf(text(INTERNAL)), migrationOf(text(stages)));
    expect(differences).toEqual([
      { effect, text: expect.stringContaining("instead of canary 5% of tier internal for") },
    ]);
  });

  it("is refused where the flag system cannot serve it, with the stage and what to do instead", () => {
    const migration = migrationOf(text(INTERNAL));
    const problems = (...[served]: readonly [Parameters<typeof unservedSegmentProblems>[1]]) =>
      unservedSegmentProblems(migration, served, "m.yaml").map((each) => `${each.path}: ${each.text}`);
    expect(problems({ segments: true })).toEqual([]);
    expect(problems({ segments: true, cannotServe: () => "" })).toEqual([]);
    expect(problems({ segments: false })).toEqual([
      "stages[0].segment: flags.builtin cannot give a share to tier internal alone; expected a stage without segment, or a route whose target is of the type builtin, flagd, unleash",
    ]);
    expect(problems({ segments: true, cannotServe: ({ segment }) => `does not know ${segment}` })).toEqual([
      "stages[0].segment: flags.builtin does not know tier, or a route whose target is of the type builtin",
    ]);
  });
});
