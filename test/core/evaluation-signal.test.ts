import { describe, expect, it } from "vitest";
import { evaluationName, evaluationNames, evaluationProblem, evaluationSignal } from "../../core/evaluation-signal.ts";

describe("the signal of an evaluation", () => {
  it.each(["groundedness", "Answer.Relevancy_v2-final", "a", "__proto__", "..", "x".repeat(100), "qualit", "Quality"])(
    "can be written for %s, and gives the name back",
    (name) => {
      const signal = evaluationSignal(name);
      expect(evaluationProblem(signal)).toBeNull();
      expect(evaluationName(signal)).toBe(name);
    },
  );

  it.each([
    ["no name", ""],
    ["a blank", "answer relevancy"],
    ["a quote", "it's"],
    ["a backslash", "a\\b"],
    ["a line break", "a\nb"],
    ["a letter of another alphabet", "größe"],
    ["101 characters", "x".repeat(101)],
    ["10,000 characters", "x".repeat(10_000)],
  ])("cannot be written for %s, and the message is one short line", (_what, name) => {
    const problem = evaluationProblem(evaluationSignal(name)) ?? "accepted";
    expect(problem).toContain("; expected evaluation. and a name of 1 to 100 letters, digits, . _ -");
    expect(problem).not.toContain("\n");
    expect(problem.length).toBeLessThan(150);
  });

  it.each([
    ["quality", "quality"],
    ["thumbs", "thumbs_up"],
    ["task_completed", "task_completed"],
    ["support_ticket", "support_tickets"],
    ["support_tickets", "support_tickets"],
  ])("is not a second name of what has a signal of its own: %s is %s", (name, signal) => {
    expect(evaluationProblem(evaluationSignal(name))).toContain(`expected signal: ${signal}`);
  });

  it("is found among others, each name once and as it is written", () => {
    const signals = ["error", "evaluation.a", "evaluation.A", "evaluation.a", "evaluations", "output_shape"];
    expect(evaluationNames(signals)).toEqual(["a", "A"]);
  });
});
