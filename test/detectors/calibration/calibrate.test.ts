import { describe, expect, test } from "vitest";
import { type Calibration, calibrate, differenceOf } from "../../../detectors/calibration/calibrate.ts";
import type { ConfidentAnswer } from "../../../detectors/calibration/confident-answer.ts";
import { block, drawArm } from "./world.ts";

const ask = (answers: readonly ConfidentAnswer[], thresholds: readonly number[] = []): Calibration =>
  calibrate(answers, { margin: 0.05, thresholds, keeps: ["precision", "recall"], seed: 1 });

const finite = (value: unknown): boolean =>
  !JSON.stringify(value, (_, each) => (Number.isNaN(each) ? "NaN" : each)).includes("NaN");

describe("two arms' calibration", () => {
  test("drifts where the candidate promises more than it keeps", () => {
    const found = ask([...drawArm("baseline", 1500, (p) => p, 1), ...drawArm("canary", 1500, (p) => 0.75 * p, 2)]);
    expect(found.verdict).toBe("drift");
    expect(found.differs).toContain("overconfidence");
    expect(found.needed).toBeNull();
    expect(found.change?.overconfidence.value).toBeCloseTo(0.125, 1);
  });

  test("is the same where it is, given enough answers", () => {
    const found = ask([...drawArm("baseline", 4000, (p) => p, 1), ...drawArm("canary", 4000, (p) => p, 2)]);
    expect(found.verdict).toBe("none");
    expect(found.differs).toEqual([]);
  });

  test("is undecided with too few, and says how many would do", () => {
    const found = ask([...drawArm("baseline", 100, (p) => p, 1), ...drawArm("canary", 100, (p) => p, 2)]);
    expect(found.verdict).toBe("undecided");
    expect(found.needed).toBeGreaterThan(100);
    expect(found.needed).toBeLessThan(100_000);
  });

  test("is undecided where one arm has nothing", () => {
    const found = ask(block("baseline", 0.9, 30, 40), [0.8]);
    expect(found).toMatchObject({ verdict: "undecided", canary: null, change: null, thresholds: [] });
    expect(found.baseline?.n).toBe(40);
    expect(finite(found)).toBe(true);
  });

  test.each([
    ["all right", block("baseline", 0.9, 50, 50), block("canary", 0.9, 50, 50)],
    ["all wrong", block("baseline", 0.9, 0, 50), block("canary", 0.9, 0, 50)],
    ["three records", block("baseline", 0.9, 2, 3), block("canary", 0.4, 1, 3)],
    ["one each", block("baseline", 1, 1, 1), block("canary", 0, 0, 1)],
    ["constant confidence", block("baseline", 0.9, 90, 100), block("canary", 0.9, 80, 100)],
    [
      "one conversation",
      block("baseline", 0.9, 9, 10).map((each) => ({ ...each, cluster: "a" })),
      block("canary", 0.9, 9, 10).map((each) => ({ ...each, cluster: "a" })),
    ],
  ])("of %s has no point without its interval", (_name, baseline, canary) => {
    const found = ask([...baseline, ...canary], [0.8]);
    expect(finite(found)).toBe(true);
    for (const arm of [found.baseline, found.canary]) {
      for (const each of [arm?.brier, arm?.overconfidence, arm?.ece.error, arm?.right]) {
        expect(each?.lower).toBeLessThanOrEqual(each?.value ?? Number.NaN);
        expect(each?.upper).toBeGreaterThanOrEqual(each?.value ?? Number.NaN);
        expect((each?.upper ?? 0) - (each?.lower ?? 0)).toBeGreaterThan(0);
      }
    }
    expect(found.verdict).not.toBe("none");
  });

  test("of equal arms is a false alarm in at most the stated part", () => {
    const alarms = Array.from({ length: 40 }, (_, seed) =>
      ask([...drawArm("baseline", 150, (p) => p, 2 * seed), ...drawArm("canary", 150, (p) => p, 2 * seed + 1)]),
    ).filter(({ verdict }) => verdict === "drift");
    expect(alarms.length).toBeLessThanOrEqual(4);
  });
});

test("a difference of two figures has the interval of both (Zou and Donner 2008)", () => {
  const difference = differenceOf({ value: 0.2, lower: 0.16, upper: 0.23 }, { value: 0.5, lower: 0.46, upper: 0.53 });
  expect(difference.value).toBeCloseTo(0.3, 12);
  expect(difference.lower).toBeCloseTo(0.25, 12);
  expect(difference.upper).toBeCloseTo(0.35, 12);
});
