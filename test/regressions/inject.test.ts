import { describe, expect, it, test } from "vitest";
import { CASES, UNCHANGED } from "./inject/cases.ts";
import { withRegression } from "./pipeline/arms.ts";
import { SETTINGS } from "./pipeline/run-case.ts";
import type { Call } from "./traffic/call.ts";
import { trafficOf } from "./traffic/traffic.ts";

// What is injected is what its name says, or finding it would mean nothing.
const calls = trafficOf({ ...SETTINGS, calls: 20_000 }, 7);
const canary = calls.filter(({ arm }) => arm === "canary");

const injected = (name: string): readonly Call[] => {
  const found = CASES.find((each) => each.name === name);
  return withRegression(canary, found?.inject ?? UNCHANGED.inject);
};

/** Share of the canary's calls that `concerns` picks out of which `is` holds after, less before. */
const moreOf = (name: string, concerns: (call: Call) => boolean, is: (call: Call) => boolean): number => {
  const before = canary.filter(concerns);
  const after = injected(name).filter((_, at) => concerns(canary[at] as Call));
  return (after.filter(is).length - before.filter(is).length) / before.length;
};

const isJson = ({ inputType }: Call): boolean => inputType === "extraction";
const hasText = ({ inputType, reply }: Call): boolean => inputType !== "extraction" && reply.text !== null;
const says =
  (pattern: RegExp) =>
  ({ reply }: Call): boolean =>
    pattern.test(reply.text ?? "");
const quantile = (of: readonly Call[], share: number): number =>
  of.map(({ durationMs }) => durationMs).sort((a, b) => a - b)[Math.floor(share * of.length)] ?? 0;
const parses = ({ reply }: Call): boolean => {
  try {
    return reply.toolCalls.map((each) => JSON.parse(each.arguments)).length > 0;
  } catch {
    return false;
  }
};

describe("injected, of the calls concerned", () => {
  it.each<readonly [string, number, (call: Call) => boolean, (call: Call) => boolean]>([
    ["JSON wrapped in a fence", 0.3, isJson, says(/^```/)],
    ["preamble before JSON", 0.3, isJson, says(/^[A-Z]/)],
    ["extra nesting", 0.5, isJson, says(/^\{\s*"result"/)],
    ["null instead of absent", 0.83, isJson, says(/"(?:due_date|notes)":\s?null/)],
    ["empty array instead of absent", 0.5, isJson, says(/"tags":\s?\[\]/)],
    ["truncation 5%", 0.05, ({ reply }) => reply.text !== null, ({ reply }) => reply.finishReason === "length"],
    [
      "tone shifted: hedging",
      0.23,
      hasText,
      says(/^(?:I think|It seems|In most|It depends|If I'm|Vielleicht|Qui|Tal|Peut)/),
    ],
    ["errors 20% on one tenant tier", 0.2, ({ tier }) => tier === "enterprise", ({ errorType }) => errorType !== null],
    ["tool arguments invalid 10%", -0.05, ({ reply }) => reply.toolCalls.length > 0, parses],
    // Of the four ways to break arguments two still parse, but match no schema.
  ])("%s: %d", (name, expected, concerns, is) => {
    expect(Math.abs(moreOf(name, concerns, is) - expected)).toBeLessThan(0.1 * Math.abs(expected) + 0.01);
  });

  test("the median keeps and the 99th percentile is 500 ms later", () => {
    const slow = injected("p99 +500 ms at equal p50");
    expect(quantile(slow, 0.5) - quantile(canary, 0.5)).toBeLessThan(1);
    expect(quantile(slow, 0.99) - quantile(canary, 0.99)).toBeGreaterThan(450);
    expect(quantile(slow, 0.99) - quantile(canary, 0.99)).toBeLessThan(550);
  });

  test("15% more tokens for the very same text", () => {
    const more = injected("tokens +15% at equal text");
    const tokens = (of: readonly Call[]): number => of.reduce((sum, each) => sum + each.completionTokens, 0);
    expect(more.map(({ reply }) => reply)).toEqual(canary.map(({ reply }) => reply));
    expect(tokens(more) / tokens(canary)).toBeCloseTo(1.15, 2);
  });
});

test("the same seed gives the same traffic, another seed another", () => {
  expect(trafficOf(SETTINGS, 3)).toEqual(trafficOf(SETTINGS, 3));
  expect(trafficOf(SETTINGS, 3)).not.toEqual(trafficOf(SETTINGS, 4));
});

test("the baseline is left alone by every regression", () => {
  const baseline = calls.filter(({ arm }) => arm === "baseline");
  for (const { inject } of CASES) expect(withRegression(baseline, inject)).toEqual(baseline);
});

test("an arm keeps its people, and its share of them", () => {
  const arms = new Map(calls.map(({ user, arm }) => [user, arm]));
  expect(calls.every(({ user, arm }) => arms.get(user) === arm)).toBe(true);
  expect(canary.length / calls.length).toBeCloseTo(0.5, 1);
});
