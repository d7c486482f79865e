// @module-tag soak
import { describe, expect, test } from "vitest";
import { cached, type Lumps, saidOfLumps, seconds, zeros } from "../../../bench/detection/streams/lumps.ts";
import type { Arm } from "../../../core/cohort.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { migration, rule, tick, values } from "../tick-builder.ts";

const RUNS = 30;
const DAYS = 3;
const runs = (quantile: number, canary: Lumps, baseline: Lumps, days = DAYS): readonly string[] => {
  const judged = rule({ signal: "latency_ms", quantile, limit: 200, unit: "absolute-increase" });
  return Array.from({ length: RUNS }, (_, i) => saidOfLumps(judged, { canary, baseline }, days, 100 + i));
};
const count = (said: readonly string[], what: string): number => said.filter((each) => each === what).length;

const capped = (share: number, beyond = 0): Lumps => [
  [900, 1 - share - beyond],
  [30_000, share],
  [60_000, beyond],
];

describe("a quantile on a lump", () => {
  test.each([
    ["two lumps, p95", 0.95, cached(0.05), cached(0.03)],
    ["two lumps, p50", 0.5, cached(0.5), cached(0.3)],
    ["whole seconds, p50", 0.5, seconds(0.5), seconds(0.15)],
    ["a cap, and as much beyond it as may be", 0.99, capped(0.02, 0.01), capped(0.02)],
    ["many zeros, p50", 0.5, zeros(0.5), zeros(0.2)],
  ] as const)(
    "is no breach as long as the canary's tail is no larger than the quantile leaves: %s",
    (_, q, can, base) => {
      const said = runs(q, can, base);
      expect(count(said, "breach")).toBeLessThanOrEqual(2);
      // exactly at the limit a pass is as wrong as a breach
      expect(count(said, "clear")).toBeLessThanOrEqual(4);
    },
  );

  test.each([
    ["two lumps, p95, a tenth below what may be", 0.95, cached(0.045), cached(0.03), 6],
    ["two lumps, p50", 0.5, cached(0.36), cached(0.3), 1],
    ["whole seconds, p50", 0.5, seconds(0.2), seconds(0.15), 1],
    ["at a cap, p99", 0.99, capped(0.02), capped(0.02), 1],
    ["one value", 0.99, [[700, 1]], [[700, 1]], 1],
    ["nothing but zeros", 0.5, [[0, 1]], [[0, 1]], 1],
  ] as const)("is clear when it did not move: %s", (_, q, can, base, days) => {
    const said = runs(q, can, base, days);
    expect(count(said, "breach")).toBe(0);
    expect(count(said, "clear")).toBeGreaterThanOrEqual(RUNS - 3);
  });

  test.each([
    ["two lumps, p95", 0.95, cached(0.08), cached(0.03)],
    ["whole seconds, p50", 0.5, seconds(0.58), seconds(0.15)],
    ["beyond a cap, p99", 0.99, capped(0.02, 0.02), capped(0.02)],
    ["out of zeros, p50", 0.5, zeros(0.6), zeros(0.2)],
  ] as const)("that moved is found: %s", (_, q, can, base) => {
    expect(count(runs(q, can, base), "breach")).toBe(RUNS);
  });
});

test("a quantile that may rise by the larger of an amount and a share", () => {
  const [baseline, canary]: readonly Lumps[] = [5000, 5400].map((slow) => [
    [1000, 0.97],
    [slow, 0.03],
  ]);
  const limit = { signal: "latency_ms", quantile: 0.99, limit: 200, unit: "absolute-increase" } as const;
  const arms = { canary: canary ?? [], baseline: baseline ?? [] };
  expect(saidOfLumps(rule(limit), arms, 1, 1)).toBe("breach");
  expect(saidOfLumps(rule({ ...limit, orRelative: 0.1 }), arms, 1, 1)).toBe("clear");
  expect(saidOfLumps(rule({ ...limit, orRelative: 0.05 }), arms, 1, 1)).toBe("breach");
});

test("events of a lump that count in part are told as whole calls", () => {
  const engine = createEngine(
    migration([rule({ signal: "latency_ms", quantile: 0.95, limit: 200, unit: "relative" })]),
  );
  const arm = (cohort: Arm, n: number) =>
    values(
      "latency_ms",
      cohort,
      Array.from({ length: n }, () => 40),
    );
  const told = [0, 1, 2].map((minute) => {
    const samples = [arm("canary", 50), arm("baseline", 1999)];
    return engine.step(tick(minute, samples)).verdicts[0]?.evidence.events?.baseline;
  });
  expect(told).toEqual([0, 100, 200]);
});
