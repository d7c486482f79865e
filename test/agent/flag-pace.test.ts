import { describe, expect, it } from "vitest";
import { createFlagPace } from "../../agent/flag-pace.ts";
import { fickleFlagTarget } from "../doubles/fickle-flag-target.ts";

const ramp = { action: "stage-0", latched: false };
const rollback = { action: "rollback", latched: true };

const start = (pollMs = 0) => {
  const clock = { now: 1_000 };
  return { clock, pace: createFlagPace(fickleFlagTarget({ pollMs }), () => clock.now) };
};

describe("the pace of a flag", () => {
  it("is every round where the system allows it", () => {
    const { pace } = start();
    pace.answered(ramp, "", null);
    expect(pace.resting("stage-0")).toBeNull();
  });

  it("is the system's own while the flag is as it should be", () => {
    const { pace, clock } = start(60_000);
    pace.answered(ramp, "", null);
    clock.now += 59_999;
    expect(pace.resting("stage-0")).toBe("");
    clock.now += 1;
    expect(pace.resting("stage-0")).toBeNull();
  });

  it("holds up no new decision, whatever was asked for before it", () => {
    const { pace } = start(60_000);
    pace.answered(ramp, "rate-limited", 300_000);
    expect(pace.resting("rollback")).toBeNull();
  });

  it("honours Retry-After and goes on saying what is wrong, for ten minutes at most", () => {
    const { pace, clock } = start();
    pace.answered(ramp, "flag model: rate-limited", 86_400_000);
    clock.now += 599_999;
    expect(pace.resting("stage-0")).toBe("flag model: rate-limited");
    clock.now += 1;
    expect(pace.resting("stage-0")).toBeNull();
  });

  it("tries a rollback that was refused again after fifteen seconds at most", () => {
    const { pace, clock } = start(60_000);
    pace.answered(rollback, "flag model: rate-limited", 300_000);
    clock.now += 15_000;
    expect(pace.resting("rollback")).toBeNull();
  });

  it("repeats a failure that asks for nothing in the next round, however seldom the system is polled", () => {
    const { pace } = start(60_000);
    pace.answered(ramp, "flag model: HTTP 503", null);
    expect(pace.resting("stage-0")).toBeNull();
  });
});
