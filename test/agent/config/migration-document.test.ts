import { describe, expect, it } from "vitest";
import { documentText, migrationOf, PARTS, problemsOf } from "./documents.ts";

const rule = (text: string): string => documentText({ rules: `rules: [${text}]` });

describe("a migration document", () => {
  it("becomes numbers: shares 0-1, times in ms, what is left out is null", () => {
    expect(migrationOf(documentText())).toMatchObject({
      name: "m",
      owner: "team",
      approvers: [],
      baseline: { model: "old", provider: null, prompt: null },
      match: { service: "support-api", operation: null },
      stages: [
        { kind: "canary", share: 0.05, forMs: 3_600_000, approval: false },
        { kind: "canary", share: 0.5, forMs: 3_600_000, approval: true },
      ],
      rules: [{ id: "error", limit: 0.05, unit: "absolute", reference: "none", direction: "increase", by: null }],
      hash: expect.stringMatching(/^v2:[0-9a-f]{64}$/),
    });
  });

  it("may name a runbook, an address without a password", () => {
    const runbook = "https://wiki.example/llm?page=rollback";
    expect(migrationOf(documentText({}, `runbook: ${runbook}`)).runbook).toBe(runbook);
    expect(migrationOf(documentText())).not.toHaveProperty("runbook");
    for (const bad of ["wiki/llm", "javascript:alert(1)", "https://u:hush@wiki.example/", "7", "[https://x.example]"]) {
      const problems = problemsOf(documentText({}, `runbook: ${bad}`));
      expect(problems).toEqual([expect.stringMatching(/runbook: no usable address; expected an http or https URL/)]);
      expect(problems.join()).not.toContain("hush");
    }
  });

  it("may move to the same model at another provider, or to another prompt", () => {
    const moves = [
      ["{ model: a, provider: openai }", "{ model: a, provider: azure }"],
      ['{ model: a, prompt: { name: p, version: "1" } }', '{ model: a, prompt: { name: p, version: "2" } }'],
    ];
    for (const [baseline, candidate] of moves) {
      expect(
        problemsOf(documentText({ baseline: `baseline: ${baseline}`, candidate: `candidate: ${candidate}` })),
      ).toEqual([]);
    }
  });
});

describe("what is refused, with path and expectation", () => {
  it.each([
    ["no name", documentText({ migration: "" }), "m.yaml: migration: missing; expected text"],
    [
      "a name that is no file name",
      documentText({ migration: "migration: A b" }),
      "migration: not usable; expected a name of lower-case letters",
    ],
    ["an unknown key", documentText({}, "ower: x"), 'ower: unknown key "ower"; did you mean "owner"?'],
    [
      "one in the baseline",
      documentText({ baseline: "baseline: { modle: a }" }),
      'baseline.modle: unknown key "modle"; did you mean "model"?',
    ],
    [
      "one in a prompt",
      documentText({ baseline: "baseline: { model: a, prompt: { name: p, version: '1', vers: 2 } }" }),
      'baseline.prompt.vers: unknown key "vers"',
    ],
    [
      "one in match",
      documentText({ match: "match: { servce: x }" }),
      'match.servce: unknown key "servce"; did you mean "service"?',
    ],
    [
      "one in route",
      documentText({ route: "route: { flag: f, target: builtin, tagret: x }" }),
      'route.tagret: unknown key "tagret"; did you mean "target"?',
    ],
    [
      "one in a stage",
      documentText({ stages: "stages: [{ canary: 5%, for: 1h, aproval: true }]" }),
      'stages[0].aproval: unknown key "aproval"; did you mean "approval"?',
    ],
    [
      "one in a rule",
      rule("{ signal: error, limit: 5%, unti: absolute, severity: pause }"),
      'rules[0].unti: unknown key "unti"; did you mean "unit"?',
    ],
    [
      "an unknown fallback",
      documentText({ route: "route: { flag: f, target: builtin, fallback: [prod, builtn] }" }),
      'route.fallback[1]: unknown flag target "builtn"; did you mean "builtin"?',
    ],
    [
      "a fallback that is the route's own flag",
      documentText({ route: "route: { flag: f, target: builtin, fallback: [{ target: builtin }] }" }),
      "route.fallback[0]: f on builtin is the route's own flag; expected another flag system or flag",
    ],
    [
      "a fallback twice",
      documentText({ route: "route: { flag: f, target: builtin, fallback: [prod, { target: prod, flag: f }] }" }),
      "route.fallback[1]: f on prod is a fallback before it; expected another flag system or flag",
    ],
    [
      "an unknown flag target",
      documentText({ route: "route: { flag: f, target: builtn }" }),
      'route.target: unknown flag target "builtn"; did you mean "builtin"?',
    ],
    [
      "the same model twice",
      documentText({ candidate: "candidate: { model: old }" }),
      "candidate: the same model, provider and prompt as the baseline; expected a difference",
    ],
    ["no stage", documentText({ stages: "stages: []" }), "stages: empty; expected at least one entry"],
    [
      "a stage of nothing",
      documentText({ stages: "stages: [{ canary: 0%, for: 1h }]" }),
      "stages[0].canary: 0%; expected more than 0%",
    ],
    [
      "a stage above everything",
      documentText({ stages: "stages: [{ canary: 101%, for: 1h }]" }),
      'stages[0].canary: "101%"; expected a percentage',
    ],
    [
      "a share without %",
      documentText({ stages: "stages: [{ canary: 5, for: 1h }]" }),
      "stages[0].canary: 5; expected a percentage such as 5%",
    ],
    [
      "a stage without time",
      documentText({ stages: "stages: [{ canary: 5% }]" }),
      "stages[0].for: missing; expected a duration",
    ],
    [
      "stages that do not rise",
      documentText({ stages: "stages: [{ canary: 7%, for: 1h }, { canary: 7%, for: 1h }]" }),
      "stages[1].canary: not above the stage before it; expected more than 7%",
    ],
    [
      "a segment twice",
      documentText({ segments: "segments: [a, b, a]" }),
      "segments[2]: a stands there twice; expected each segment once",
    ],
    [
      "a segment twice, with and without options",
      documentText({ segments: "segments: [a, { name: a, values: 3 }]" }),
      "segments[1]: a stands there twice; expected each segment once",
    ],
    [
      "an unknown option of a segment",
      documentText({ segments: "segments: [{ name: tenant, normalize: [trim] }]" }),
      'segments[0].normalize: unknown key "normalize"; did you mean "normalise"?',
    ],
    [
      "an unknown way to normalise",
      documentText({ segments: "segments: [{ name: tenant, normalise: [lowr] }]" }),
      'segments[0].normalise[0]: unknown value "lowr"; did you mean "lower"?',
    ],
    [
      "no value by itself",
      documentText({ segments: "segments: [{ name: tenant, values: 0 }]" }),
      "segments[0].values: too small; expected at least 1",
    ],
    [
      "more values than are folded",
      documentText({ segments: "segments: [{ name: tenant, values: 201 }]" }),
      "segments[0].values: too large; expected at most 200",
    ],
    [
      "half a value",
      documentText({ segments: "segments: [{ name: tenant, values: 1.5 }]" }),
      "segments[0].values: is a number; expected a whole number",
    ],
    [
      "options of no segment",
      documentText({ segments: "segments: [{ normalise: [trim] }]" }),
      "segments[0].name: missing; expected text",
    ],
    [
      "a rule by a segment that is not named",
      documentText({
        segments: "segments: [{ name: tenant }]",
        rules: "rules: [{ signal: refusal, by: tenat, limit: 5, unit: points, severity: pause }]",
      }),
      'rules[0].by: unknown segment "tenat"; did you mean "tenant"?',
    ],
    [
      "a segment that is no name",
      documentText({ segments: 'segments: ["a=b"]' }),
      "segments[0]: not usable; expected a name of letters",
    ],
    [
      "a projection of nothing",
      documentText({}, "projections: { costs_usd: 1 }"),
      'projections.costs_usd: unknown signal "costs_usd"; did you mean "cost_usd"?',
    ],
    [
      "a projection that is no number",
      documentText({}, "projections: { cost_usd: cheap }"),
      "projections.cost_usd: is text; expected a number",
    ],
    [
      "rules by another name",
      documentText({ rules: "rules: playbok" }),
      'rules: "playbok"; expected playbook or a list',
    ],
    ["no rules", documentText({ rules: "rules: []" }), "rules: empty; expected at least one entry"],
    [
      "the playbook without its projection",
      documentText({ rules: "rules: playbook" }),
      "rules: playbook: cost_usd.reference: there is no projection; expected projections: { cost_usd: … }",
    ],
    [
      "the playbook without its segment",
      documentText({ rules: "rules: playbook", segments: "" }, "projections: { cost_usd: 1 }"),
      "segments: playbook: refusal.by_input_type needs segments to name input_type; expected segments: [input_type]",
    ],
  ])("%s", (_what, text, expected) => {
    expect(problemsOf(text)).toContainEqual(expect.stringMatching(/^m\.yaml: /));
    expect(problemsOf(text)).toContainEqual(expect.stringContaining(expected));
  });

  it("is everything at once, so that one run of check is enough", () => {
    const text = documentText({
      owner: "",
      stages: "stages: [{ canary: 5%, for: soon }]",
      route: "route: { flag: f }",
    });
    expect(problemsOf(text)).toHaveLength(3);
  });

  it.each([[""], ["[]"], ["migration"]])("is a document that is %j", (text) => {
    expect(problemsOf(text)).toEqual([expect.stringMatching(/^m\.yaml: .+; expected keys with values$/)]);
  });
});

describe("the hash", () => {
  const hash = migrationOf(documentText()).hash;

  it("stays with comments, the order of keys and another way to write the same number", () => {
    const reversed = `# a comment\n${Object.values(PARTS).reverse().join("\n")}\n`;
    expect(migrationOf(reversed).hash).toBe(hash);
    expect(
      migrationOf(
        documentText({ stages: "stages: [{ for: 60m, canary: 5.0% }, { approval: true, for: 3600s, canary: 50% }]" }),
      ).hash,
    ).toBe(hash);
    expect(migrationOf(rule("{ severity: rollback, unit: absolute, limit: 5%, signal: error }")).hash).toBe(hash);
  });

  it.each([
    ["a limit", rule("{ signal: error, limit: 6%, unit: absolute, severity: rollback }")],
    ["a severity", rule("{ signal: error, limit: 5%, unit: absolute, severity: pause }")],
    [
      "a stage's share",
      documentText({ stages: "stages: [{ canary: 6%, for: 1h }, { canary: 50%, for: 1h, approval: true }]" }),
    ],
    [
      "a stage's time",
      documentText({ stages: "stages: [{ canary: 5%, for: 2h }, { canary: 50%, for: 1h, approval: true }]" }),
    ],
    ["an approval", documentText({ stages: "stages: [{ canary: 5%, for: 1h }, { canary: 50%, for: 1h }]" })],
    ["a model", documentText({ candidate: "candidate: { model: newer }" })],
    ["what belongs to it", documentText({ match: "" })],
    ["the flag", documentText({ route: "route: { flag: other, target: builtin }" })],
  ])("changes with %s", (_what, text) => expect(migrationOf(text).hash).not.toBe(hash));

  it("changes with a projection that a rule refers to", () => {
    const rules =
      "rules: [{ signal: cost_usd, limit: 20%, unit: relative, reference: projection, severity: rollback }]";
    const [a, b] = [1, 2].map((usd) => migrationOf(documentText({ rules }, `projections: { cost_usd: ${usd} }`)).hash);
    expect(a).not.toBe(b);
  });
});

describe("four eyes", () => {
  const withPeople = (approvers: string): string =>
    `${documentText({ owner: `owner: team\napprovers: ${approvers}` })}fourEyes: true\n`;

  it("need two approvers who differ", () => {
    expect(migrationOf(withPeople("[ana, bob]"))).toMatchObject({ fourEyes: true });
    for (const approvers of ["[]", "[ana]", "[ana, ana]"])
      expect(problemsOf(withPeople(approvers))).toEqual([
        expect.stringContaining("expected at least two different approvers"),
      ]);
  });
});
