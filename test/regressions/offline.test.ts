import { describe, expect, it, test } from "vitest";
import { CASES } from "./inject/cases.ts";
import { withRegression } from "./pipeline/arms.ts";
import { compareCalls, namedFeatures } from "./pipeline/compare-calls.ts";
import { SETTINGS } from "./pipeline/run-case.ts";
import { trafficOf } from "./traffic/traffic.ts";

// The full run, with more seeds and what it takes to find each, is `npm run bench:regressions`.

describe("leeway compare names what was injected", () => {
  const calls = trafficOf(SETTINGS, 1);
  const told = CASES.filter(({ offline }) => offline !== null);
  it.each(told)("$name", ({ inject, offline, task }) => {
    const comparison = compareCalls(withRegression(calls, inject), task ?? "inputType");
    expect(comparison.verdict).toBe("drift");
    expect(namedFeatures(comparison).filter((name) => offline?.includes(name))).not.toEqual([]);
  });
});

test("nothing injected: silence, in five seeds, whatever answers are compared inside", () => {
  for (let seed = 1; seed <= 5; seed++) {
    const calls = trafficOf(SETTINGS, seed);
    for (const task of ["inputType", "language"] as const) {
      expect(compareCalls(calls, task)).toEqual({ verdict: "none", findings: [], notes: [] });
    }
  }
});
