import { expect, test } from "vitest";
import { createPassProcess } from "../../../detectors/rules/evidence-process.ts";
import { PASS_WEIGHTS, passLifts } from "../../../detectors/rules/pass-alternatives.ts";
import { EVEN_WEIGHTS, gridVector, peakedWeights } from "../../../detectors/stats/grid.ts";
import { weightedMixture } from "../../../detectors/stats/one-sample.ts";

/** Log e-value after a stage that won `won`, at the first tick of what comes then, which wins nothing. */
const afterStage = (won: number, next: { readonly isNewStage: boolean; readonly isLaterStage?: boolean }): number => {
  const pass = createPassProcess("error");
  const clock = { from: 0, logWeight: 0, hour: 0, designEffectOf: () => 1 };
  pass.step(gridVector(won), { ...clock, isNewStage: true });
  pass.step(gridVector(0), { ...clock, ...next });
  return pass.logE();
};

test.each([
  ["much was won: log 2 of it", 5, Math.log(2)],
  ["little was won: all of it", 0.3, 0.3],
  ["something was lost: all of that", -2, -2],
])("a later stage inherits, where %s", (_, won, inherited) => {
  expect(afterStage(won, { isNewStage: true, isLaterStage: true })).toBeCloseTo(inherited, 9);
});

test("an arm of a new history and a stage that is begun again inherit nothing; a stage that goes on keeps all", () => {
  expect(afterStage(5, { isNewStage: true })).toBeCloseTo(0, 9);
  expect(afterStage(5, { isNewStage: true, isLaterStage: false })).toBeCloseTo(0, 9);
  expect(afterStage(5, { isNewStage: false })).toBeCloseTo(5, 9);
});

test("weights of alternatives sum to one", () => {
  for (const weights of [EVEN_WEIGHTS, PASS_WEIGHTS, peakedWeights(9), peakedWeights(1)]) {
    expect(weightedMixture(gridVector(0), weights)).toBeCloseTo(0, 12);
  }
});

test.each([0, 1e-9, 0.3, 0.999, 1, 1.2])("alternatives of a pass are below the limit, and finite: %d", (ratio) => {
  for (const lift of passLifts(ratio)) {
    expect(lift).toBeGreaterThan(0);
    expect(lift).toBeLessThan(5);
  }
});
