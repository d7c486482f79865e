import { describe, expect, test } from "vitest";
import { scarceNotes } from "../../../agent/compare/known-values.ts";
import { measuresFor } from "../../../agent/compare/measures.ts";
import { observe } from "../../../agent/compare/observe.ts";
import type { AnswerRecord } from "../../../agent/compare/record.ts";
import { unansweredPrompts } from "../../../agent/compare/unanswered.ts";
import { type Comparison, compare } from "../../../detectors/compare/compare.ts";

const ARMS = ["baseline", "canary"] as const;

type Of = (cohort: AnswerRecord["cohort"], i: number) => Partial<AnswerRecord> | null;

/** A hundred answers a side; null = no record. */
const records = (of: Of): readonly AnswerRecord[] =>
  ARMS.flatMap((cohort) =>
    Array.from({ length: 100 }, (_, i) => {
      const own = of(cohort, i);
      return own === null ? [] : [{ cohort, output: `It is the ${i % 9}th of May.`, ...own }];
    }).flat(),
  );

const compared = (given: readonly AnswerRecord[]): Comparison => compare(measuresFor(given), observe(given));

describe("what is missing of one cohort is a finding of its own:", () => {
  test.each<[string, Of, string, "up" | "down"]>([
    [
      "prompts without a record",
      (c, i) => (c === "canary" && i % 5 < 2 ? null : { prompt_id: `${i}` }),
      "answer",
      "up",
    ],
    [
      "prompts that only the canary answered",
      (c, i) => (c === "baseline" && i < 30 ? null : { prompt_id: `${i}` }),
      "answer",
      "down",
    ],
    ["answers that are null", (c, i) => (c === "canary" && i < 30 ? { output: null } : {}), "answer", "up"],
    ["latency", (c, i) => (c === "canary" && i < 40 ? {} : { latency_ms: 500 }), "latency_ms", "up"],
    ["a score of one cohort only", (c) => (c === "canary" ? {} : { scores: { judge: 0.5 } }), "scores.judge", "up"],
    [
      "finish reasons",
      (c, i) => (c === "baseline" && i < 40 ? {} : { finish_reason: "stop" }),
      "finish_reason",
      "down",
    ],
  ])("%s", (_name, of, what, direction) => {
    const { verdict, findings } = compared(records(of));
    expect([verdict, findings.map(({ family, feature }) => `${family}: ${feature}`)]).toEqual([
      "drift",
      [`missing: missing.${what}`],
    ]);
    expect(findings[0]?.direction).toBe(direction);
  });

  test("tool calls without text are answers, and the same gaps on both sides no finding", () => {
    const calls = records((_, i) => (i < 40 ? { output: null, callsTools: true } : {}));
    const gaps = records((_, i) => (i < 80 ? {} : { latency_ms: 500 }));
    expect([compared(calls).findings, compared(gaps).findings]).toEqual([[], []]);
    expect(scarceNotes(gaps)).toEqual(["latency_ms is known of 40 of 200 answers only"]);
  });
});

test("prompts of live traffic are each their own: none is unanswered", () => {
  const live = records((cohort, i) => ({ prompt_id: `${cohort} ${i}` }));
  const one = records((cohort, i) => ({ prompt_id: i === 0 ? "greeting" : `${cohort} ${i}` }));
  expect([unansweredPrompts(live), unansweredPrompts(one)]).toEqual([[], []]);
});
