import { describe, expect, test } from "vitest";
import { createLikeness } from "../../detectors/likeness.ts";
import { gridVector } from "../../detectors/stats/grid.ts";
import { createMultiStart } from "../../detectors/stats/multi-start.ts";
import { rate, tick } from "./tick-builder.ts";

const rules = { keeps: false, endsUnknown: true };
const calls = (n: number) => [rate("error", "canary", n, 0)];

describe("how alike calls are taken to be", () => {
  test("twice as much as nothing, until it is told or nobody has told in 1000 calls", () => {
    const likeness = createLikeness(rules);
    likeness.step(tick(0, calls(500)));
    expect(likeness.effectOf("error", 10)).toBe(2);
    likeness.step(tick(1, calls(500)));
    expect(likeness.effectOf("error", 10)).toBe(1);
    const told = createLikeness(rules);
    told.step(tick(0, calls(10), { designEffects: { error: 1.2 } }));
    expect([told.effectOf("error", 10), told.effectOf("refusal", 10)]).toEqual([1.2, 1]);
  });

  test("of users who stay the more, the more calls there are, and never less than of the newest calls", () => {
    const likeness = createLikeness(rules);
    const lastingEffects = { error: { effect: 101, calls: 10_000 } };
    likeness.step(tick(0, calls(10), { designEffects: { error: 3 }, lastingEffects }));
    expect([100, 1000, 10_000, 50_000].map((n) => likeness.effectOf("error", n))).toEqual([3, 11, 101, 101]);
  });
});

describe("evidence that counts for less", () => {
  const win = gridVector(1);

  test("is divided by the effect, all of it by that of all of its calls", () => {
    const process = createMultiStart();
    const growing = { calls: 100, effectAfter: (n: number) => n / 100 };
    process.step(win, 0, growing);
    for (let i = 0; i < 9; i++) process.step(win, Number.NEGATIVE_INFINITY, growing);
    // Ten increments of 1 under an effect of 10: 1, as the sum is.
    expect(process.logE()).toBeCloseTo(1, 9);
  });

  test("that started late counts as its own few calls do, not as those of the days before", () => {
    const process = createMultiStart();
    const growing = { calls: 100, effectAfter: (n: number) => Math.max(1, n / 100) };
    process.step(gridVector(-50), Math.log(0.8), growing);
    for (let i = 0; i < 50; i++) process.step(gridVector(-50), Number.NEGATIVE_INFINITY, growing);
    process.step(win, Math.log(0.001), growing);
    expect(process.logE()).toBeCloseTo(Math.log(0.001) + 1, 6);
  });

  test("against the candidate is not forgotten when the effect grows", () => {
    const process = createMultiStart();
    process.step(gridVector(-10), 0, { calls: 1, effectAfter: () => 1 });
    process.step(gridVector(0), Number.NEGATIVE_INFINITY, { calls: 1, effectAfter: () => 100 });
    expect(process.logE()).toBeCloseTo(-10, 9);
  });
});
