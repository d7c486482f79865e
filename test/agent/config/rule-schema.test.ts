import { describe, expect, it } from "vitest";
import { documentText, migrationOf, problemsOf } from "./documents.ts";

const withRules = (...rules: readonly string[]): string =>
  documentText(
    { rules: `rules:\n${rules.map((rule) => `  - { ${rule} }`).join("\n")}`, segments: "segments: [input_type]" },
    "projections: { cost_usd: 0.0042 }",
  );

/** The contract's words. */
const PLAYBOOK = [
  "signal: error,             limit: 5%,    unit: absolute, severity: rollback",
  "signal: latency_ms,        quantile: 99, limit: 200ms, unit: absolute-increase, orRelative: 10%, severity: rollback",
  "signal: quality,           limit: 5,     unit: points, direction: drop,     severity: rollback",
  "signal: tool_call_valid,   limit: 10%,   unit: relative, direction: drop,   severity: rollback",
  "signal: cost_usd,          limit: 20%,   unit: relative, direction: increase, reference: projection, severity: rollback",
  "signal: tokens_total,      limit: 20%,   unit: relative, direction: increase, severity: pause",
  "signal: refusal,           limit: 5,     unit: points, direction: either, by: input_type, severity: pause",
  "signal: latency_ms,        quantile: 99, limit: 40%, unit: relative, direction: increase, severity: pause",
  "signal: support_tickets,   limit: 15%,   unit: relative, direction: increase, severity: pause",
  "signal: output_shape,      severity: pause",
];

describe("the playbook", () => {
  it("is exactly the ten rules that are promised", () => {
    const written = migrationOf(withRules(...PLAYBOOK));
    const playbook = migrationOf(documentText({ rules: "rules: playbook" }, "projections: { cost_usd: 0.0042 }"));
    expect(written.rules).toHaveLength(10);
    expect(playbook.rules).toEqual(written.rules);
    expect(playbook.hash).toBe(written.hash);
  });

  it("gives every rule a name of its own that does not depend on the limit", () => {
    expect(migrationOf(withRules(...PLAYBOOK)).rules.map(({ id }) => id)).toEqual([
      "error",
      "latency_ms.p99.absolute-increase",
      "quality",
      "tool_call_valid",
      "cost_usd",
      "tokens_total",
      "refusal.by_input_type",
      "latency_ms.p99.relative",
      "support_tickets",
      "output_shape",
    ]);
  });
});

describe("a limit", () => {
  it.each([
    ["signal: error, limit: 5%, unit: absolute", 0.05],
    ["signal: error, limit: 5, unit: points", 0.05],
    ["signal: error, limit: 0, unit: points", 0],
    ["signal: error, limit: 7%, unit: relative", 0.07],
    ["signal: latency_ms, limit: 2s, unit: absolute", 2_000],
    ["signal: latency_ms, limit: 200ms, unit: absolute-increase", 200],
    ["signal: tokens_total, limit: 500, unit: absolute", 500],
    ["signal: cost_usd, limit: 0.01, unit: absolute-increase", 0.01],
    ["signal: tokens_total, limit: 150%, unit: relative, direction: increase", 1.5],
  ])("{ %s } is %d", (rule, limit) => {
    expect(migrationOf(withRules(`${rule}, severity: pause`)).rules[0]?.limit).toBe(limit);
  });

  it.each([
    ["signal: error, limit: 5, unit: absolute", "5 with unit absolute; expected a percentage such as 5%"],
    ["signal: error, limit: 5, unit: relative", "5 with unit relative; expected a percentage such as 5%"],
    ["signal: error, limit: 5%, unit: points", '"5%" with unit points; expected points, a number from 0 to below 100'],
    ["signal: error, limit: -5, unit: points", "-5 with unit points; expected points"],
    ["signal: error, limit: 0%, unit: absolute", '"0%" with unit absolute; expected a percentage between 0% and 100%'],
    ["signal: error, limit: 100%, unit: absolute", '"100%" with unit absolute; expected a percentage between'],
    ["signal: error, limit: 5, unit: absolute-increase", "expected unit: points or relative, as the signal is a share"],
    ["signal: latency_ms, limit: 200, unit: absolute", "200 with unit absolute; expected a duration such as 200ms"],
    ["signal: latency_ms, limit: 0ms, unit: absolute", "expected more than 0"],
    ["signal: tokens_total, limit: 20%, unit: absolute", "expected a number of tokens"],
    ["signal: tokens_total, limit: -5, unit: absolute-increase", "expected a number of tokens"],
    ["signal: quality, limit: 100%, unit: relative, direction: drop", "expected less than 100% for a drop"],
    ["signal: latency_ms, limit: 5, unit: points", "expected unit: relative or absolute-increase"],
    ["signal: error, unit: absolute", "rules[0].limit: missing; expected how far the signal may go"],
    ["signal: error, limit: [5], unit: absolute", "rules[0].limit: is a list; expected text or a number"],
  ])("{ %s } is refused", (rule, expected) => {
    const [problem = "accepted"] = problemsOf(withRules(`${rule}, severity: pause`));
    expect(problem).toMatch(/^m\.yaml: rules\[0\]\.(limit|signal): /);
    expect(problem).toContain(expected);
  });
});

describe("the larger of two limits", () => {
  const p99 = "signal: latency_ms, quantile: 99, limit: 200ms, unit: absolute-increase, severity: pause";

  it("is read as a share", () => {
    expect(migrationOf(withRules(`${p99}, orRelative: 10%`)).rules[0]?.orRelative).toBe(0.1);
    expect(migrationOf(withRules(p99)).rules[0]).not.toHaveProperty("orRelative");
  });

  it.each([
    [`${p99}, orRelative: 10`, "rules[0].orRelative"],
    [`${p99}, orRelative: "200ms"`, '"200ms"; expected a percentage such as 10%'],
    [
      "signal: latency_ms, limit: 200ms, unit: absolute-increase, orRelative: 10%, severity: pause",
      "expected a quantile",
    ],
    [
      "signal: latency_ms, quantile: 99, limit: 5%, unit: relative, orRelative: 10%, severity: pause",
      "expected a quantile",
    ],
    [
      "signal: latency_ms, quantile: 99, limit: 5s, unit: absolute, orRelative: 10%, severity: pause",
      "expected a quantile",
    ],
    ["signal: output_shape, orRelative: 10%, severity: pause", "output_shape takes no such key"],
  ])("is refused where it means nothing: { %s }", (rule, expected) => {
    expect(problemsOf(withRules(rule)).join()).toContain(expected);
  });
});

describe("a rule about an evaluation", () => {
  it.each([
    ["limit: 5, unit: points", { limit: 0.05, unit: "points", direction: "drop", reference: "baseline" }],
    ["limit: 5%, unit: relative", { limit: 0.05, unit: "relative", direction: "drop", reference: "baseline" }],
    ["limit: 80%, unit: absolute", { limit: 0.8, unit: "absolute", direction: "drop", reference: "none" }],
    ["limit: 5, unit: points, direction: increase", { direction: "increase" }],
    ["limit: 5, unit: points, direction: either, by: input_type", { direction: "either", by: "input_type" }],
  ])("takes what one about quality takes: %s", (rest, expected) => {
    const { rules } = migrationOf(
      withRules(
        `signal: evaluation.groundedness, ${rest}, severity: rollback`,
        `signal: quality, ${rest}, severity: rollback`,
      ),
    );
    const [evaluation, quality] = rules;
    expect(evaluation).toMatchObject({ signal: "evaluation.groundedness", ...expected });
    const id = quality?.id.replace("quality", "evaluation.groundedness");
    if (rest.includes("direction")) expect(evaluation).toEqual({ ...quality, signal: "evaluation.groundedness", id });
    else expect(evaluation).toMatchObject({ ...quality, signal: "evaluation.groundedness", id });
  });

  it("tells names apart that differ by a capital letter", () => {
    const rule = (name: string): string => `signal: evaluation.${name}, limit: 5, unit: points, severity: pause`;
    const { rules } = migrationOf(withRules(rule("safe"), rule("Safe")));
    expect(rules.map(({ id }) => id)).toEqual(["evaluation.safe", "evaluation.Safe"]);
    expect(problemsOf(withRules(rule("safe"), rule("safe")))).toEqual([
      "m.yaml: rules[1]: a second rule evaluation.safe; expected one limit per signal",
    ]);
  });

  it("can refer to a projection of it", () => {
    const rule = "signal: evaluation.safe, limit: 5, unit: points, reference: projection, severity: pause";
    expect(
      migrationOf(documentText({ rules: `rules: [{ ${rule} }]` }, "projections: { evaluation.safe: 0.9 }")).rules,
    ).toMatchObject([{ reference: "projection", projection: 0.9 }]);
    expect(problemsOf(documentText({}, 'projections: { "evaluation.no name": 0.9 }'))).toEqual([
      expect.stringContaining('projections.evaluation.no name: "evaluation.no name"; expected evaluation. and a name'),
    ]);
  });

  it.each([
    [
      "signal: evaluation., limit: 5, unit: points",
      '"evaluation."; expected evaluation. and a name of 1 to 100 letters',
    ],
    ["signal: 'evaluation.it''s', limit: 5, unit: points", "expected evaluation. and a name of 1 to 100 letters"],
    [`signal: evaluation.${"x".repeat(10_000)}, limit: 5, unit: points`, '…"; expected evaluation. and a name'],
    ["signal: evaluation.thumbs, limit: 5, unit: points", "have a signal of their own; expected signal: thumbs_up"],
    ["signal: evaluation, limit: 5, unit: points", "expected one of error, "],
    ["signal: Evaluation.x, limit: 5, unit: points", "output_shape, evaluation.<name>"],
    [`signal: ${"x".repeat(10_000)}, limit: 5, unit: points`, 'x…"; expected one of error, '],
    ["signal: evaluation.a, quantile: 95, limit: 5, unit: points", "evaluation.a has no quantiles"],
    [
      "signal: evaluation.a, limit: 5, unit: absolute-increase",
      "expected unit: points or relative, as the signal is a share",
    ],
  ])("is refused as { %s }", (rule, expected) => {
    const [problem = "accepted"] = problemsOf(withRules(`${rule}, severity: pause`));
    expect(problem).toContain(expected);
    expect(problem.length).toBeLessThan(1500);
  });
});

describe("a rule", () => {
  it.each([
    ["limit: 5%, unit: absolute, severity: pause", "rules[0].signal: missing; expected text"],
    [
      "signal: latencyms, limit: 5%, unit: absolute, severity: pause",
      'rules[0].signal: unknown signal "latencyms"; did you mean "latency_ms"?',
    ],
    [
      "signal: error, limit: 5%, severity: pause",
      "rules[0].unit: missing; expected one of points, relative, absolute, absolute-increase",
    ],
    [
      "signal: error, limit: 5%, unit: percent, severity: pause",
      'rules[0].unit: unknown value "percent"; expected one of points, relative',
    ],
    ["signal: error, limit: 5%, unit: absolute", "rules[0].severity: missing; expected one of rollback, pause"],
    [
      "signal: error, limit: 5%, unit: absolute, severity: rolback",
      'rules[0].severity: unknown value "rolback"; did you mean "rollback"?',
    ],
    [
      "signal: error, limit: 5%, unit: absolute, severity: pause, direction: up",
      'rules[0].direction: unknown value "up"',
    ],
    ["signal: error, limit: 5%, unit: absolute, severity: pause, quantile: 99", "error has no quantiles"],
    [
      "signal: latency_ms, limit: 5%, unit: relative, severity: pause, quantile: 20",
      "rules[0].quantile: too small; expected at least 50",
    ],
    [
      "signal: latency_ms, limit: 5%, unit: relative, severity: pause, quantile: 100",
      "rules[0].quantile: too large; expected less than 100",
    ],
    [
      "signal: latency_ms, limit: 5%, unit: relative, severity: pause, quantile: 99, direction: drop",
      "a quantile is judged upwards only",
    ],
    ["signal: refusal, limit: 5%, unit: absolute, severity: pause", "an absolute limit has one side"],
    ["signal: finish_reason, limit: 5%, unit: absolute, severity: pause", "finish_reason is a label and has no limit"],
    [
      "signal: error, limit: 5, unit: points, severity: pause, by: tier",
      'rules[0].by: unknown segment "tier"; expected one of input_type',
    ],
    [
      "signal: tokens_total, limit: 5%, unit: relative, severity: pause, reference: projection",
      "rules[0].reference: there is no projection; expected projections: { tokens_total: … }",
    ],
    [
      "signal: output_shape, severity: pause, limit: 5%",
      "rules[0].limit: output_shape takes no such key; expected only signal and severity",
    ],
  ])("{ %s } is refused", (rule, expected) => {
    expect(problemsOf(withRules(rule)).join("\n")).toContain(expected);
  });

  it("is refused when there is a second one of its name", () => {
    const rules = withRules(
      "signal: error, limit: 5%, unit: absolute, severity: rollback",
      "signal: error, limit: 1, unit: points, severity: pause",
    );
    expect(problemsOf(rules)).toEqual(["m.yaml: rules[1]: a second rule error; expected one limit per signal"]);
  });

  it.each([
    ["signal: error, limit: 1, unit: points", "increase"],
    ["signal: quality, limit: 1, unit: points", "drop"],
    ["signal: refusal, limit: 1, unit: points", "either"],
    ["signal: latency_ms, limit: 1s, unit: absolute-increase", "increase"],
  ])("{ %s } looks towards what is worse: %s", (rule, direction) => {
    expect(migrationOf(withRules(`${rule}, severity: pause`)).rules[0]?.direction).toBe(direction);
  });
});
