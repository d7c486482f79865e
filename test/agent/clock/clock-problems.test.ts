import { describe, expect, it } from "vitest";
import { clockProblems } from "../../../agent/clock/clock-problems.ts";
import { recentStep } from "../../../agent/clock/recent-step.ts";
import type { ClockStep } from "../../../agent/clock/steady-clock.ts";

const T0 = Date.UTC(2026, 10, 2, 3);
const STEP: ClockStep = { at: T0, byMs: 600_000, standing: "held" };

describe("what is wrong with the clocks", () => {
  it("is nothing where they are right", () =>
    expect(clockProblems({ step: null, store: null, senders: [] })).toEqual([]));

  it.each([
    ["watched", /set 10 min ahead at 2026-11-02T03:00:00Z: the agent goes on by the time that passed/],
    ["held", /calls that arrive contradict it/],
    ["followed", /it stayed so, and the agent goes by it now/],
    ["passed", /it was set back/],
  ] as const)("says that the agent's own was set, and what became of it: %s", (standing, text) => {
    expect(clockProblems({ step: { ...STEP, standing }, store: null, senders: [] })[0]).toMatch(text);
  });

  it("passes on what is wrong with the store's", () =>
    expect(clockProblems({ step: null, store: "it is ahead", senders: [] })).toEqual(["it is ahead"]));

  it("names the senders that are furthest off, and counts the others", () => {
    const senders = [5, -900, 60, 70, 80, 90].map((seconds, i) => ({
      ...{ service: "api", instance: `pod-${i}`, skewMs: seconds * 1000, calls: 1, lastMs: T0 },
    }));
    expect(clockProblems({ step: null, store: null, senders })).toEqual([
      "wrong clocks: api (pod-1) 15 min behind, api (pod-5) 90 s ahead, api (pod-4) 80 s ahead, api (pod-3) 70 s ahead, api (pod-2) 60 s ahead and 1 more; their calls are judged when they arrive; see that they keep their time (NTP)",
    ]);
  });
});

describe("senders whose calls all come in late", () => {
  const late = (seconds: number) => ({
    service: "api",
    instance: "pod-1",
    skewMs: -seconds * 1000,
    calls: 0,
    lastMs: T0,
  });

  it("are named from a minute on, with both things it can be", () => {
    expect(clockProblems({ step: null, store: null, senders: [late(8), late(59)] })).toEqual([]);
    const [problem] = clockProblems({ step: null, store: null, senders: [late(240)] });
    expect(problem).toContain("clocks that are behind, or calls that are held");
    expect(problem).toContain("api (pod-1) 4 min");
  });
});

describe("a step of the clock", () => {
  it.each([
    ["watched", 3_600_000, true],
    ["held", 3_600_000, true],
    ["passed", 500_000, true],
    ["passed", 700_000, false],
    ["followed", 500_000, true],
    ["followed", 700_000, false],
  ] as const)("that is %s is told after %i ms: %s", (standing, ms, told) => {
    const step = { ...STEP, standing };
    expect(recentStep(step, T0 + ms)).toEqual(told ? step : null);
  });
});
