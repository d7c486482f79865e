import { describe, expect, it } from "vitest";
import { exactPercent } from "../../core/percent.ts";
import { valueUnit } from "../../core/value-unit.ts";
import { describeRule } from "../../status/describe-rule.ts";
import { documentText, migrationOf } from "../agent/config/documents.ts";

const rules = (): readonly (readonly [id: string, title: string, unit: string])[] => {
  const extra = [
    "{ signal: truncated, limit: 0, unit: points, severity: pause }",
    "{ signal: json_valid, limit: 97%, unit: absolute, severity: pause }",
    "{ signal: ttft_ms, quantile: 99.9, limit: 2s, unit: absolute, severity: pause }",
  ];
  const playbook = migrationOf(documentText({ rules: "rules: playbook" }, "projections: { cost_usd: 0.0042 }")).rules;
  const more = migrationOf(documentText({ rules: `rules: [${extra.join(", ")}]` })).rules;
  return [...playbook, ...more].map((rule) => [rule.id, describeRule(rule), valueUnit(rule)]);
};

describe("a rule in words", () => {
  it("says signal, limit and what it is compared with", () => {
    expect(rules()).toEqual([
      ["error", "error at most 5%", "share"],
      [
        "latency_ms.p99.absolute-increase",
        "latency_ms p99 at most 200 ms (or 10%, where that is more) above the baseline",
        "ms",
      ],
      ["quality", "quality at most 5 points below the baseline", "share"],
      ["tool_call_valid", "tool_call_valid at most 10% below the baseline", "share"],
      ["cost_usd", "cost_usd at most 20% above the projected 0.0042 USD", "USD"],
      ["tokens_total", "tokens_total at most 20% above the baseline", "tokens"],
      ["refusal.by_input_type", "refusal in each input_type at most 5 points away from the baseline", "share"],
      ["latency_ms.p99.relative", "latency_ms p99 at most 40% above the baseline", "ms"],
      ["support_tickets", "support_tickets at most 15% above the baseline", "share"],
      ["output_shape", "output shape like the baseline's", "effect"],
      ["truncated", "truncated not above the baseline", "share"],
      ["json_valid", "json_valid at least 97%", "share"],
      ["ttft_ms.p99.9.absolute", "ttft_ms p99.9 at most 2000 ms", "share"],
    ]);
  });

  it.each([
    [0.07, "7%"],
    [0.001, "0.1%"],
    [1, "100%"],
    [0, "0%"],
  ])("writes %d as %s", (share, text) => expect(exactPercent(share)).toBe(text));
});
