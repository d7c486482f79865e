import { describe, expect, test } from "vitest";
import { ARGO } from "../../../bench/detection/comparators/argo.ts";
import type { Comparator, Measured, Method } from "../../../bench/detection/comparators/comparator.ts";
import { FLAGGER, FLAGGER_99 } from "../../../bench/detection/comparators/flagger.ts";
import { GROWTHBOOK } from "../../../bench/detection/comparators/growthbook.ts";
import { KAYENTA, shiftOf } from "../../../bench/detection/comparators/kayenta.ts";
import { Z_TEST } from "../../../bench/detection/comparators/z-test.ts";
import type { Minute } from "../../../bench/detection/streams/stream.ts";

const errors: Measured = {
  value: ({ n, sum }) => (n > 0 ? sum / n : null),
  moments: ({ n, sum }) => ({ n, sum, squares: sum }),
  threshold: 0.05,
  margin: null,
};
const minute = (canary: number, baseline = 4): Minute => ({
  canary: { n: 20, sum: canary, bins: {} },
  baseline: { n: 380, sum: baseline, bins: {} },
});
const created = (method: Method, measured: Measured = errors): Comparator => {
  const comparator = method.create(measured);
  if (comparator === null) throw new Error(`${method.name} has nothing for this rule`);
  return comparator;
};
/** Minute in which it acts, counted from 1; null = never. */
const actsIn = (comparator: Comparator, minutes: readonly Minute[]): number | null => {
  const at = minutes.findIndex((each, i) => comparator(each, i));
  return at === -1 ? null : at + 1;
};
const repeat = (times: number, value: Minute): readonly Minute[] => Array.from({ length: times }, () => value);

describe("rules of other tools", () => {
  test("Flagger counts failed checks in total, not in a row, and acts on the fifth", () => {
    const alternating = Array.from({ length: 20 }, (_, i) => minute(i % 2 === 0 ? 2 : 0));
    expect(actsIn(created(FLAGGER), alternating)).toBe(9);
    expect(actsIn(created(FLAGGER), repeat(20, minute(1)))).toBeNull();
    expect(actsIn(created(FLAGGER_99), repeat(20, minute(1)))).toBe(5);
  });

  test("Argo Rollouts aborts on the first failed measurement", () => {
    expect(actsIn(created(ARGO), [minute(0), minute(1), minute(2), minute(0)])).toBe(3);
  });

  test("a minute without calls fails nothing", () => {
    const silent = { canary: { n: 0, sum: 0, bins: {} }, baseline: { n: 380, sum: 4, bins: {} } };
    for (const method of [FLAGGER, ARGO, KAYENTA]) expect(actsIn(created(method), repeat(200, silent))).toBeNull();
  });

  test("Kayenta judges every hour, and finds a canary that is worse in most minutes", () => {
    expect(actsIn(created(KAYENTA), repeat(180, minute(3)))).toBe(60);
    expect(actsIn(created(KAYENTA), repeat(180, minute(0)))).toBeNull();
  });

  test.each([Z_TEST, GROWTHBOOK])("$name acts on a canary far beyond the limit, not on one below it", (method) => {
    expect(actsIn(created(method), repeat(200, minute(6)))).not.toBeNull();
    expect(actsIn(created(method), repeat(200, minute(0)))).toBeNull();
  });

  test.each([Z_TEST, GROWTHBOOK])("$name keeps to the margin that the rule allows", (method) => {
    const margin: Measured = { ...errors, margin: { ratio: 1, delta: 0.1 } };
    expect(actsIn(created(method, margin), repeat(500, minute(2, 4)))).toBeNull();
    expect(actsIn(created(method, margin), repeat(500, minute(8, 4)))).not.toBeNull();
  });

  test("methods about means have nothing to say of quantiles", () => {
    for (const method of [Z_TEST, GROWTHBOOK]) expect(method.create({ ...errors, moments: null })).toBeNull();
  });
});

test("the shift between two samples is the median of their differences, and its interval holds it", () => {
  const values = Array.from({ length: 60 }, (_, i) => i);
  const { estimate, lower } = shiftOf(
    values.map((value) => value + 30),
    values,
  );
  expect(estimate).toBe(30);
  expect(lower).toBeLessThan(30);
  expect(lower).toBeGreaterThan(15);
});
