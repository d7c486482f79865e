import { describe, expect, test } from "vitest";
import type { CalibrationRecord } from "../../../agent/calibration/calibration-record.ts";
import { usualKind } from "../../../agent/calibration/confidence-of.ts";
import { confidentAnswers } from "../../../agent/calibration/confident-answers.ts";
import { outcomeOf } from "../../../agent/calibration/outcome-of.ts";
import { readCalibrationRecord } from "../../../agent/calibration/read-calibration-record.ts";

const read = (entry: object): CalibrationRecord => {
  const each = readCalibrationRecord({ cohort: "canary", ...entry }, null);
  if ("leftOut" in each) throw new TypeError(each.leftOut);
  return each.record;
};

const confidences = (entries: readonly object[], kind: "stated" | "logprob" = "stated") =>
  confidentAnswers(
    entries.map((entry) => read({ correct: true, ...entry })),
    kind,
    null,
  );

describe("a confidence", () => {
  test.each([
    [0.85, 0.85],
    ["0.85", 0.85],
    ["85%", 0.85],
    ["85.5 %", 0.855],
    ["100%", 1],
    [0, 0],
    [1, 1],
  ])("of %j is %d", (confidence, expected) => {
    expect(confidences([{ confidence }]).answers[0]?.confidence).toBe(expected);
  });

  test.each([[-0.1], [101], ["120%"], ["high"], [true], [{}], ["-5%"], [Number.POSITIVE_INFINITY]])(
    "of %j is unknown, and that is told",
    (confidence) => {
      const each = readCalibrationRecord({ cohort: "canary", correct: true, confidence }, null);
      expect(each).toMatchObject({ record: { stated: undefined } });
      expect("unusable" in each && each.unusable).toEqual([
        "confidence: not usable; expected a number from 0 to 1, or a percentage",
      ]);
    },
  );

  test("is taken for a percentage where an arm's numbers say so", () => {
    const { answers, notes } = confidences([{ confidence: 90 }, { confidence: 1 }, { confidence: "30%" }]);
    expect(answers.map(({ confidence }) => confidence)).toEqual([0.9, 0.01, 0.3]);
    expect(notes).toContain("canary: confidences are taken for percentages, as some are above 1 and none below");
  });

  test("above 1 beside fractions is unknown: nobody can say what was meant", () => {
    const { answers, notes } = confidences([{ confidence: 0.9 }, { confidence: 90 }]);
    expect(answers.map(({ confidence }) => confidence)).toEqual([0.9]);
    expect(notes[0]).toMatch(/^canary: 1 confidences are above 1 beside others below it, and are unknown/);
  });

  test("is read from an answer in JSON that states one, where the record does not", () => {
    expect(confidences([{ output: '{"answer":"x","confidence":0.7}' }]).answers[0]?.confidence).toBe(0.7);
    expect(confidences([{ output: { certainty: "70%" }, confidence: 0.2 }]).answers[0]?.confidence).toBe(0.2);
  });

  test("by log-probability is a token's mean probability", () => {
    expect(confidences([{ mean_logprob: Math.log(0.8) }], "logprob").answers[0]?.confidence).toBeCloseTo(0.8, 12);
    const above = readCalibrationRecord({ cohort: "canary", mean_logprob: 0.3 }, null);
    expect("unusable" in above && above.unusable).toEqual(["mean_logprob: not usable; expected a number, 0 or less"]);
  });

  test("is of the kind that the worse arm knows more of", () => {
    const both = (arm: string, entry: object) => read({ cohort: arm, ...entry });
    expect(
      usualKind([both("baseline", { confidence: 0.1, mean_logprob: -1 }), both("canary", { mean_logprob: -1 })]),
    ).toBe("logprob");
    expect(usualKind([both("baseline", { confidence: 0.1, mean_logprob: -1 })])).toBe("stated");
  });
});

describe("an outcome", () => {
  test.each([
    [{ correct: "yes" }, true],
    [{ correct: 0 }, false],
    [{ label: "Paris", output: ' "paris." ' }, true],
    [{ label: "Paris", output: "Lyon" }, false],
    [{ label: 42, output: "42" }, true],
    [{ label: "Paris", output: null }, false],
    [{ correct: false, label: "Paris", output: "Paris" }, false],
    [{ output: "Paris" }, null],
  ])("of %j is %s", (entry, expected) => {
    expect(outcomeOf(read(entry), null)).toBe(expected);
  });

  test("by a score is reached or not, and unknown without", () => {
    const rule = { score: "task_success", atLeast: 0.5 };
    expect(outcomeOf(read({ scores: { task_success: 0.5 } }), rule)).toBe(true);
    expect(outcomeOf(read({ scores: { task_success: 0.4 }, correct: true }), rule)).toBe(false);
    expect(outcomeOf(read({ scores: { other: 1 } }), rule)).toBeNull();
    expect(outcomeOf(read({ scores: { task_success: 1 } }), { score: "toString", atLeast: 0 })).toBeNull();
  });
});

describe("what is missing", () => {
  test("on one side is told, with what it may mean", () => {
    const records = [
      ...Array.from({ length: 10 }, () => read({ cohort: "baseline", confidence: 0.9, correct: true })),
      ...Array.from({ length: 10 }, (_, i) => read({ confidence: i < 5 ? 0.9 : null, correct: true })),
    ];
    const { answers, notes } = confidentAnswers(records, "stated", null);
    expect(answers).toHaveLength(15);
    expect(notes).toEqual([
      "canary: no confidence in 5 of 10 answers",
      "the arms differ by 50% in what is missing, and what is missing may be what changed",
    ]);
  });

  test("hangs together by conversation, else by prompt of a task", () => {
    const of = (entry: object) => confidences([{ confidence: 0.5, ...entry }]).answers[0]?.cluster;
    expect(of({ conversation_id: "a", prompt_id: 1 })).toBe(of({ conversation_id: "a", prompt_id: 2 }));
    expect(of({ prompt_id: 1, task: "x" })).not.toBe(of({ prompt_id: 1, task: "y" }));
  });
});
