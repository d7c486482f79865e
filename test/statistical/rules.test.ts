// @module-tag soak
import { describe, expect, test } from "vitest";
import { measureRow } from "./measure-row.ts";

// The bounds leave room for what a few runs can differ by. The other rows: rules.soak.test.ts.
describe("who keeps to the rule is left alone, for 14 days of minutes", () => {
  test.each([
    ["A. error rate", "canary exactly at 5%, baseline 1%", 10],
    ["B. refusals, at most 5 points", "3% and 8%, exactly 5 points", 6],
    ["E. p99 latency", "exactly 200 ms more", 2],
  ] as const)("%s: %s", (section, name, runs) => {
    expect(measureRow(section, name, runs).acted).toBeLessThanOrEqual(1);
  });
});

describe("a regression is found in every run, at a median of so many times the calls any test needs", () => {
  test.each([
    ["A. error rate", "1% to 10%", 100, 1.55],
    ["B. refusals, any worse", "1% to 2%", 20, 2.2],
    ["D. tokens, at most 20% more (log-sd 0.5)", "40% more", 40, 1.4],
    ["E. p99 latency", "500 ms more", 40, 1.7],
    ["F. output shape", "other forms of answer", 20, 10],
  ] as const)("%s: %s", (section, name, runs, ratio) => {
    const { acted, ratio: seen } = measureRow(section, name, runs);
    expect(acted).toBe(runs);
    expect(seen).toBeLessThanOrEqual(ratio);
  });
});

describe("a regression that begins on day five is found about as fast: evidence is not only cumulative", () => {
  test.each([["A. error rate", "1% to 10% on day five", 12, 4.2]] as const)("%s: %s", (section, name, runs, ratio) => {
    const { acted, early, ratio: seen } = measureRow(section, name, runs);
    expect([acted, early]).toEqual([runs, 0]);
    expect(seen).toBeLessThanOrEqual(ratio);
  });
});

describe("gates", () => {
  test.each([["G. clear: error rate", "exactly at 5%", 6]] as const)(
    "%s: %s is not called clear",
    (section, name, runs) => {
      expect(measureRow(section, name, runs).acted).toBeLessThanOrEqual(1);
    },
  );

  test.each([["G. clear: error rate", "1%", 40, 2.5]] as const)(
    "%s: %s is called clear in time",
    (section, name, runs, ratio) => {
      const { acted, ratio: seen } = measureRow(section, name, runs);
      expect(acted).toBe(runs);
      expect(seen).toBeLessThanOrEqual(ratio);
    },
  );
});
