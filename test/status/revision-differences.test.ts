import { describe, expect, it } from "vitest";
import { revisionDifferences } from "../../status/revision-differences.ts";
import { documentText, migrationOf, type PARTS } from "../agent/config/documents.ts";

const of = (parts: Partial<Record<keyof typeof PARTS, string>>) =>
  revisionDifferences(migrationOf(documentText()), migrationOf(documentText(parts))).map(
    ({ effect, text }) => `${effect}: ${text}`,
  );

const rule = (text: string) => ({ rules: `rules: [{ signal: error, unit: absolute, ${text} }]` });

describe("the differences of a revision", () => {
  it.each([
    ["nothing", {}, []],
    [
      "a higher limit",
      rule("limit: 50%, severity: rollback"),
      ["looser: rule error: error at most 50% (rollback) instead of error at most 5% (rollback)"],
    ],
    [
      "a lower limit",
      rule("limit: 1%, severity: rollback"),
      ["tighter: rule error: error at most 1% (rollback) instead of error at most 5% (rollback)"],
    ],
    [
      "a rule that only pauses, with a lower limit",
      rule("limit: 1%, severity: pause"),
      ["looser: rule error: error at most 1% (pause) instead of error at most 5% (rollback)"],
    ],
    [
      "other people",
      { owner: "owner: others\napprovers: [ana]" },
      ["other: approvers: ana instead of anybody", "other: owner: others instead of team"],
    ],
    [
      "another flag",
      { route: "route: { flag: model, target: prod }" },
      ["other: route: model on prod instead of model on builtin"],
    ],
  ])("say %s", (_what, parts, expected) => {
    expect(of(parts)).toEqual(expected);
  });

  it("say which rules are gone, and which are new", () => {
    const rules = "rules: [{ signal: latency_ms, limit: 20%, unit: relative, severity: pause }]";
    expect(of({ rules })).toEqual([
      expect.stringMatching(/^looser: rule error is gone: /),
      expect.stringMatching(/^tighter: rule latency_ms\S* is new: /),
    ]);
  });

  it("say whether the plan got faster", () => {
    expect(of({ stages: "stages: [{ canary: 5%, for: 1m }, { canary: 50%, for: 1h, approval: true }]" })).toEqual([
      expect.stringMatching(/^looser: stages: canary 5% for 60 s, canary 50% for 60 min with approval instead of /),
    ]);
    expect(of({ stages: "stages: [{ canary: 5%, for: 2h }, { canary: 50%, for: 1h, approval: true }]" })).toEqual([
      expect.stringMatching(/^tighter: stages: /),
    ]);
  });
});
