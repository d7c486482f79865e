import { describe, expect, test } from "vitest";
import type { Arm } from "../../../core/cohort.ts";
import type { Sample } from "../../../core/sample.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { createSideStarts } from "../../../detectors/rules/side-starts.ts";
import { draws, migration, rate, rule, tick } from "../tick-builder.ts";

const byType = rule({ signal: "refusal", unit: "points", direction: "either", by: "type", severity: "pause" });
const TYPES = ["a", "b", "c", "d", "e"];

/** Canary calls of one type until the rule is broken; null when it is not within so many minutes. */
const callsUntil = (rateOf: (arm: Arm, type: string) => number, minutes: number, seed: number): number | null => {
  const [engine, random] = [createEngine(migration([byType])), draws(seed)];
  const refusals = (arm: Arm, type: string, n: number): Sample =>
    rate("refusal", arm, n, random.events(n, rateOf(arm, type)), `type=${type}`);
  for (let minute = 0; minute < minutes; minute++) {
    const canary = minute < 10 ? [] : TYPES.map((type) => refusals("canary", type, 10));
    const samples = [...canary, ...TYPES.map((type) => refusals("baseline", type, 190))];
    const { verdicts } = engine.step(tick(minute, samples, { designEffects: { refusal: 1 } }), "outcome");
    if (verdicts[0]?.outcome === "breach") return 10 * (minute - 9);
  }
  return null;
};

const median = (values: readonly (number | null)[]): number =>
  values.map((value) => value ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

describe("a rule about segments", () => {
  test("finds what happens in all five of them with the calls of all", () => {
    const found = Array.from({ length: 15 }, (_, i) =>
      callsUntil((arm) => (arm === "canary" ? 0.13 : 0.03), 300, i + 1),
    );
    expect(median(found)).toBeLessThan(130);
  });

  test("finds what happens in one of them", () => {
    const inOne = (arm: Arm, type: string): number => (arm === "canary" && type === "c" ? 0.13 : 0.03);
    expect(median(Array.from({ length: 15 }, (_, i) => callsUntil(inOne, 400, i + 1)))).toBeLessThan(700);
  });

  test("is not broken by segments that differ in both arms alike, whatever their mix", () => {
    const own = (_arm: Arm, type: string): number => (type === "a" ? 0.4 : 0.02);
    for (let seed = 1; seed <= 5; seed++) expect(callsUntil(own, 200, seed)).toBeNull();
  });
});

describe("the sides of a rule in either direction", () => {
  const sides = [
    { harm: 1, ratio: 1, delta: 0.05 },
    { harm: -1, ratio: 1, delta: -0.05 },
  ] as const;

  test("share the wealth, but for one that cannot be broken", () => {
    const starts = createSideStarts(sides, true);
    expect([null, 0.3, 0.03, 0.97].map((mean) => starts.shares(mean))).toEqual([
      [0.5, 0.5],
      [0.5, 0.5],
      [1, 0],
      [0, 1],
    ]);
    expect(createSideStarts(sides, false).shares(100)).toEqual([0.5, 0.5]);
  });

  test("start when the baseline is known, with all that was given until then, once", () => {
    const starts = createSideStarts(sides, true);
    expect(starts.weight(Math.log(0.8), false)).toBe(Number.NEGATIVE_INFINITY);
    expect(starts.weight(Math.log(0.1), true)).toBeCloseTo(Math.log(0.9), 12);
    expect(starts.weight(Number.NEGATIVE_INFINITY, true)).toBe(Number.NEGATIVE_INFINITY);
  });
});
