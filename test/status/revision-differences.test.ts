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

  const told = (from: string, to: string) =>
    revisionDifferences(migrationOf(documentText({}, from)), migrationOf(documentText({}, to))).map(
      ({ effect, text }) => `${effect}: ${text}`,
    );

  it.each([
    [
      "that one person is enough",
      "approvers: [ana, bob]\nfourEyes: true",
      "approvers: [ana, bob]",
      "looser: fourEyes: false instead of true",
    ],
    [
      "that two are needed",
      "approvers: [ana, bob]",
      "approvers: [ana, bob]\nfourEyes: true",
      "tighter: fourEyes: true instead of false",
    ],
    ["that weekends count", "not: [weekend]", "", "looser: not: no time in which it waits instead of weekend UTC"],
    ["that weekends wait", "", "not: [weekend]", "tighter: not: weekend UTC instead of no time in which it waits"],
    [
      "that other hours wait",
      "not: [weekend]",
      'not: ["18:00-08:00"]',
      "looser: not: 18:00-08:00 UTC instead of weekend UTC",
    ],
    [
      "that a check is skipped",
      "preflight: { skip: [flag] }",
      "preflight: { skip: [flag, segments] }",
      "looser: preflight: skips flag, segments instead of skips flag",
    ],
    [
      "that none is skipped any more",
      "preflight: { skip: [flag] }",
      "",
      "tighter: preflight: skips no check instead of skips flag",
    ],
    [
      "why it is made now",
      "",
      "why: { deprecation: 2027-01-14 }",
      "other: why: the baseline is retired on 2027-01-14 instead of not said",
    ],
  ])("say %s", (_what, from, to, expected) => {
    expect(told(from, to)).toEqual([expected]);
  });

  const ONE_RULE = "rules: [{ signal: error, limit: 5%, unit: absolute, severity: rollback }]";
  const RULES = `${ONE_RULE.slice(0, -1)}, { signal: refusal, limit: 5, unit: points, severity: pause }]`;
  const stage = (more: string, rules: string = RULES) =>
    migrationOf(documentText({ rules, stages: `stages: [{ canary: 5%, for: 1h${more} }]` }));

  it.each([
    [
      "a gate that leaves a rule out",
      stage(""),
      stage(", gate: [error]"),
      /^looser: stages: .*60 min, gate error instead/,
    ],
    ["a gate of all rules", stage(", gate: [error]"), stage(""), /^tighter: stages: canary 5% for 60 min instead of/],
    [
      "a gate of another rule",
      stage(", gate: [error]"),
      stage(", gate: [refusal]"),
      /^looser: stages: .*, gate refusal/,
    ],
    ["fewer calls", stage(", minCalls: 500"), stage(", minCalls: 5"), /^looser: .* 5 calls at least instead of .* 500/],
    ["no number of calls", stage(", minCalls: 500"), stage(""), /^looser: stages: /],
    ["more calls", stage(""), stage(", minCalls: 500"), /^tighter: stages: /],
  ])("say what %s means", (_what, before, after, expected) => {
    expect(revisionDifferences(before, after).map(({ effect, text }) => `${effect}: ${text}`)).toEqual([
      expect.stringMatching(expected),
    ]);
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
