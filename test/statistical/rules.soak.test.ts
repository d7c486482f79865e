import { describe, expect, test } from "vitest";
import { measureRow } from "./measure-row.ts";

// The bounds leave room for what a few runs can differ by.
describe("who keeps to the rule is left alone, for 14 days of minutes", () => {
  test.each([
    ["A. error rate", "1% in both arms", 6],
    ["A. error rate", "10% in both arms (provider ill)", 6],
    ["B. refusals, any worse", "1% in both arms", 6],
    ["C. tickets", "2% and 2.3%, exactly 15%", 6],
    ["D. tokens, at most 20% more (log-sd 0.5)", "exactly 20% more", 2],
    ["E. p99 latency", "equal arms, 3% of the hours slow for both", 2],
  ] as const)("%s: %s", (section, name, runs) => {
    expect(measureRow(section, name, runs).acted).toBeLessThanOrEqual(1);
  });
});

describe("a regression is found in every run, at a median of so many times the calls any test needs", () => {
  test.each([
    ["A. error rate", "1% to 20%", 100, 1.7],
    ["B. refusals, at most 5 points", "3% to 13%", 60, 1.7],
    ["C. tickets", "2% to 4%", 20, 2.2],
    ["E. p50 latency", "300 ms more", 20, 2],
    ["E. p95 latency", "500 ms more", 40, 1.8],
  ] as const)("%s: %s", (section, name, runs, ratio) => {
    const { acted, ratio: seen } = measureRow(section, name, runs);
    expect(acted).toBe(runs);
    expect(seen).toBeLessThanOrEqual(ratio);
  });
});

describe("a regression that begins on day five is found about as fast: evidence is not only cumulative", () => {
  test.each([["B. refusals, at most 5 points", "3% to 13% on day five", 8, 4]] as const)(
    "%s: %s",
    (section, name, runs, ratio) => {
      const { acted, early, ratio: seen } = measureRow(section, name, runs);
      expect([acted, early]).toEqual([runs, 0]);
      expect(seen).toBeLessThanOrEqual(ratio);
    },
  );
});

describe("gates", () => {
  test.each([["G. clear: refusals", "3% and 8%, exactly 5 points", 6]] as const)(
    "%s: %s is not called clear",
    (section, name, runs) => {
      expect(measureRow(section, name, runs).acted).toBeLessThanOrEqual(1);
    },
  );

  test.each([["G. clear: p99 latency", "equal arms", 20, 2]] as const)(
    "%s: %s is called clear in time",
    (section, name, runs, ratio) => {
      const { acted, ratio: seen } = measureRow(section, name, runs);
      expect(acted).toBe(runs);
      expect(seen).toBeLessThanOrEqual(ratio);
    },
  );
});
