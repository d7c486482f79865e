import { expect, test } from "vitest";
import { FOURTEEN_DAYS, medianCalls, type Scenario, simulateMany } from "../../bench/detection/simulate.ts";

// The short variant of `npm run bench:detection`, on the shipped engine and decide(). Seeds are fixed.
const base = { baselineRate: 0.01, callsPerMinute: 20, share: 0.05 } as const;
const DAY = 24 * 60;

test("a healthy canary is not rolled back in 14 days of minutes, in 40 seeded runs", () => {
  const scenario: Scenario = { ...base, canaryRate: () => 0.01, minutes: FOURTEEN_DAYS };
  expect(simulateMany(scenario, 40).filter((outcome) => outcome !== null)).toEqual([]);
});

test("a canary exactly at the limit, in 20 runs of 14 days, is rolled back no more often than alpha allows", () => {
  const scenario: Scenario = { ...base, baselineRate: 0.05, canaryRate: () => 0.05, minutes: FOURTEEN_DAYS };
  expect(simulateMany(scenario, 20).filter((outcome) => outcome !== null).length).toBeLessThanOrEqual(1);
});

test("1% to 10% errors is rolled back in every one of 200 runs, at a median of at most 350 canary calls", () => {
  const outcomes = simulateMany({ ...base, canaryRate: () => 0.1, minutes: 2 * DAY }, 200);
  expect(outcomes).not.toContain(null);
  expect(medianCalls(outcomes, base.callsPerMinute)).toBeLessThanOrEqual(350);
});

test("a failure that begins on day five is seen about as fast: multi-start, not cumulative evidence", () => {
  const scenario: Scenario = { ...base, canaryRate: (minute) => (minute < 5 * DAY ? 0.01 : 0.1), minutes: 6 * DAY };
  const outcomes = simulateMany(scenario, 20);
  expect(outcomes).not.toContain(null);
  expect(medianCalls(outcomes, base.callsPerMinute, 5 * DAY)).toBeLessThanOrEqual(900);
});

test("an incident that hits both arms is not blamed on the candidate", () => {
  const scenario: Scenario = { ...base, baselineRate: 0.1, canaryRate: () => 0.1, minutes: 2 * DAY };
  const rolledBack = simulateMany(scenario, 40).filter((outcome) => outcome !== null);
  expect(rolledBack.length).toBeLessThanOrEqual(1);
});
