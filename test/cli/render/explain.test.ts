import { describe, expect, it } from "vitest";
import { renderExplanation } from "../../../cli/render/explain.ts";
import type { Evidence, Judgement, Verdict } from "../../../core/verdict.ts";
import { NOT_STARTED } from "../../../lifecycle/state.ts";
import type { Explanation } from "../../../status/explanation.ts";
import { documentText, migrationOf } from "../../agent/config/documents.ts";
import { aFinding } from "../../fixtures/a-finding.ts";

const evidence: Evidence = {
  method: "one-sample and event-share",
  segment: "input_type=faq",
  parts: [
    { segment: "", logE: 4 },
    { segment: "input_type=faq", logE: 6.25 },
  ],
  logE: 5.5,
  threshold: 4.6052,
  logEPass: -2,
  passThreshold: 2.9957,
  n: { canary: 60, baseline: 900 },
  events: { canary: 20, baseline: 9 },
  value: { canary: 1 / 3, baseline: 0.01 },
  interval: { lower: 0.2, upper: 0.5 },
  limit: 0.05,
  share: 0.0625,
  designEffect: 1.5,
};
const verdict: Verdict = { rule: "error", severity: "rollback", outcome: "breach", evidence };
const judgement = (at: number, verdicts: readonly Verdict[]): Judgement => ({ migration: "m", at, stage: 0, verdicts });

const explanation = (fields: Partial<Explanation>): Explanation => ({
  schema: "leeway.explain/1",
  migration: migrationOf(documentText()),
  state: NOT_STARTED,
  rules: [{ id: "error", title: "error at most 5%", unit: "share" }],
  judgement: null,
  decidedOn: null,
  ledger: [],
  ...fields,
});

describe("an explanation", () => {
  it("holds every number the verdict rests on, and where the formula is", () => {
    const text = renderExplanation(explanation({ judgement: judgement(0, [verdict]) }));
    for (const part of [
      "error: breach",
      "error at most 5%; severity rollback",
      "input_type=faq",
      "canary 60, baseline 900 since the stage began; canary share w = 0.0625",
      "events     canary 20, baseline 9",
      "interval   20% to 50%",
      "all calls 4.0000, input_type=faq 6.2500",
      "log e-value 5.5000, needs 4.6052",
      "log e-value -2.0000, needs 2.9957",
      "docs/statistics.md 1-3",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("of the output's shape holds every finding with its interval, its evidence and its examples", () => {
    const shape = {
      findings: [aFinding({ exampleSpans: [{ trace_id: "4bf9", span_id: "00f0" }] })],
      notes: [],
      attribution: { changed: [], text: "unknown", differences: [] },
    };
    const verdicts: Verdict[] = [
      { ...verdict, rule: "output_shape", evidence: { ...evidence, method: "arm-label (x)" } },
    ];
    const text = renderExplanation(explanation({ judgement: { ...judgement(0, verdicts), shape } }));
    for (const part of [
      "finding    code fence: code_fence up from 2% to 88%",
      "canary 88%, 99% 81% to 93%, baseline 2%",
      "canary 210, baseline 4000",
      "log e    31.2000, needs 7.9000",
      "example  trace 4bf9, span 00f0",
      "changed    nothing that the calls or the document tell of",
    ]) {
      expect(text).toContain(part);
    }
    expect(renderExplanation(explanation({ judgement: { ...judgement(0, [verdict]), shape } }))).not.toContain(
      "finding",
    );
  });

  it("shows the judgement a rollback was decided on before the newest one", () => {
    const undecided: Verdict = { ...verdict, outcome: "undecided", why: "too-few" };
    const text = renderExplanation(
      explanation({ judgement: judgement(5_000, [undecided]), decidedOn: judgement(0, [verdict]) }),
    );
    expect(text).toContain("the judgement the rollback was decided on, ticks up to 1970-01-01T00:00:00.000Z");
    expect(text).not.toContain("too few");
  });

  it("leaves out what does not exist, and says when there is nothing", () => {
    const bare: Verdict = { ...verdict, evidence: { ...evidence, events: null, interval: null, parts: [] } };
    const text = renderExplanation(explanation({ judgement: judgement(0, [bare]) }));
    expect(text).not.toMatch(/^ {2}(events|interval|parts) /m);
    expect(renderExplanation(explanation({}))).toBe("m: nothing is judged yet");
  });
});

it("says why a rule is undecided, what to do, and what is in doubt", () => {
  const undecided: Verdict = { ...verdict, outcome: "undecided", why: "sample-ratio-mismatch" };
  const doubts = [{ reason: "sample-ratio-mismatch", detail: "10% where 5% are configured", since: 0 }] as const;
  const text = renderExplanation(explanation({ judgement: { ...judgement(0, [undecided]), doubts } }));
  expect(text).toContain("in doubt since 1970-01-01T00:00:00.000Z: the canary's share of users");
  expect(text).toContain("10% where 5% are configured");
  expect(text).toContain(
    "because    the canary's share of users or conversations is not the configured one: in input_type=faq 60 canary",
  );
});
