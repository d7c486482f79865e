import { expect, it } from "vitest";
import { formatProblem } from "../../../agent/config/problem.ts";
import { shareStepProblems } from "../../../agent/config/share-steps.ts";

const problemsOf = (shares: readonly number[], step: number): readonly string[] => {
  const stages = shares.map((share) => ({ kind: "canary" as const, share, forMs: 1, approval: false }));
  return shareStepProblems({ stages, route: { flag: "model", target: "prod" } }, step, "m.yaml").map(formatProblem);
};

it("a stage that the flag system would round is refused, with the place and what is possible", () => {
  expect(problemsOf([0.01, 0.025, 0.5], 0.01)).toEqual([
    "m.yaml: stages[1].canary: 2.5% cannot be served by flags.prod; expected a multiple of 1%",
  ]);
});

it.each([0.01, 0.07, 0.29, 0.57, 1])("%f is a whole number of percents, whatever floating point says", (share) => {
  expect(problemsOf([share], 0.01)).toEqual([]);
});

it("any share will do for a system that serves any", () => {
  expect(problemsOf([0.00123], 0)).toEqual([]);
});
