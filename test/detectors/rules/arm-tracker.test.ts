import { expect, test } from "vitest";
import { createArmTracker } from "../../../detectors/rules/arm-tracker.ts";
import { MINUTE, rate } from "../tick-builder.ts";

/** What is known of a baseline after so many days of `callsAnHour`, and one more day without a call. */
const knownAfter = (days: number, callsAnHour: number, keptCalls?: number): readonly [number, number] => {
  const tracker = createArmTracker("error", true, keptCalls);
  const step = (hour: number, calls: number): void => {
    const pair = {
      canary: rate("error", "canary", Math.min(1, calls), 0),
      baseline: rate("error", "baseline", calls, 0),
    };
    const clock = {
      from: hour * 60 * MINUTE,
      logWeight: 0,
      isNewStage: false,
      hour,
      designEffectOf: () => 1,
    };
    tracker.settle(tracker.take(pair, clock));
  };
  for (let hour = 0; hour < 24 * days; hour++) step(hour, callsAnHour);
  const known = tracker.baseline.n;
  for (let hour = 24 * days; hour < 24 * (days + 1); hour++) step(hour, 0);
  return [known, tracker.baseline.n];
};

test("the past of a busy baseline halves in a day", () => {
  const [known, later] = knownAfter(14, 10_000);
  expect(later / known).toBeCloseTo(0.5, 2);
});

test.each([
  [1, 4000],
  [20, 4000],
  [54, 4000],
  [10, 800],
])("%d calls an hour: what is kept does not fade below %d calls", (callsAnHour, kept) => {
  const [known, later] = knownAfter(60, callsAnHour, kept);
  const least = Math.min(kept, 60 * 24 * callsAnHour);
  expect(known).toBeGreaterThanOrEqual(least - 1e-6);
  expect(later).toBeGreaterThanOrEqual(least - 1e-6);
});
