import { describe, expect, test } from "vitest";
import { CASES } from "../../bench/detection/table/cases.ts";
import { runCase } from "../../bench/detection/table/run-case.ts";
import { type Summary, summarize } from "../../bench/detection/table/summary.ts";

// The short variant of `npm run bench:detection`: rows of its table on the shipped engine and decide(), without the other
// tools. Seeds are fixed; the bounds leave room for what a few runs can differ by.
const measure = (section: string, name: string, runs: number): Summary => {
  const row = CASES.find((each) => each.section.startsWith(section) && each.name === name);
  if (row === undefined) throw new Error(`no row "${name}" in ${section}`);
  const alone = { ...row, measured: null };
  const results = Array.from({ length: runs }, (_, i) => runCase(alone, i + 1));
  return summarize(row, results, 0);
};

describe("who keeps to the rule is left alone, for 14 days of minutes", () => {
  test.each([
    ["A. error rate", "1% in both arms", 6],
    ["A. error rate", "canary exactly at 5%, baseline 1%", 10],
    ["A. error rate", "10% in both arms (provider ill)", 6],
    ["B. refusals, at most 5 points", "3% and 8%, exactly 5 points", 6],
    ["B. refusals, any worse", "1% in both arms", 6],
    ["C. tickets", "2% and 2.3%, exactly 15%", 6],
    ["D. tokens, at most 20% more (log-sd 0.5)", "exactly 20% more", 2],
    ["E. p99 latency", "exactly 200 ms more", 2],
    ["E. p99 latency", "equal arms, 3% of the hours slow for both", 2],
  ] as const)("%s: %s", (section, name, runs) => {
    expect(measure(section, name, runs).acted).toBeLessThanOrEqual(1);
  });
});

describe("a regression is found in every run, at a median of so many times the calls any test needs", () => {
  test.each([
    ["A. error rate", "1% to 10%", 100, 1.55],
    ["A. error rate", "1% to 20%", 100, 1.7],
    ["B. refusals, at most 5 points", "3% to 13%", 60, 1.7],
    ["B. refusals, any worse", "1% to 2%", 20, 2.2],
    ["C. tickets", "2% to 4%", 20, 2.2],
    ["D. tokens, at most 20% more (log-sd 0.5)", "40% more", 40, 1.4],
    ["E. p99 latency", "500 ms more", 40, 1.7],
    ["E. p50 latency", "300 ms more", 20, 2],
    ["E. p95 latency", "500 ms more", 40, 1.8],
    ["F. output shape", "other forms of answer", 20, 10],
  ] as const)("%s: %s", (section, name, runs, ratio) => {
    const { acted, ratio: seen } = measure(section, name, runs);
    expect(acted).toBe(runs);
    expect(seen).toBeLessThanOrEqual(ratio);
  });
});

describe("a regression that begins on day five is found about as fast: evidence is not only cumulative", () => {
  test.each([
    ["A. error rate", "1% to 10% on day five", 12, 4.2],
    ["B. refusals, at most 5 points", "3% to 13% on day five", 8, 4],
  ] as const)("%s: %s", (section, name, runs, ratio) => {
    const { acted, early, ratio: seen } = measure(section, name, runs);
    expect([acted, early]).toEqual([runs, 0]);
    expect(seen).toBeLessThanOrEqual(ratio);
  });
});

describe("gates", () => {
  test.each([
    ["G. clear: error rate", "exactly at 5%", 6],
    ["G. clear: refusals", "3% and 8%, exactly 5 points", 6],
  ] as const)("%s: %s is not called clear", (section, name, runs) => {
    expect(measure(section, name, runs).acted).toBeLessThanOrEqual(1);
  });

  test.each([
    ["G. clear: error rate", "1%", 40, 2.5],
    ["G. clear: p99 latency", "equal arms", 20, 2],
  ] as const)("%s: %s is called clear in time", (section, name, runs, ratio) => {
    const { acted, ratio: seen } = measure(section, name, runs);
    expect(acted).toBe(runs);
    expect(seen).toBeLessThanOrEqual(ratio);
  });
});
