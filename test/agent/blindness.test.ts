import { expect, it } from "vitest";
import { createBlindness } from "../../agent/blindness.ts";

const MINUTE = 60_000;

const start = () => {
  const clock = { now: Date.UTC(2026, 10, 20, 2, 0) };
  const blindness = createBlindness(2 * MINUTE, () => clock.now);
  return (problem: string, minutes = 1): string | null => {
    const reason = blindness.look(problem);
    clock.now += minutes * MINUTE;
    return reason;
  };
};

it("says nothing of a round or two that failed", () => {
  const look = start();
  expect([look("no answer"), look("no answer"), look("")]).toEqual([null, null, null]);
});

it("gives one reason for the whole episode: since when, and why", () => {
  const look = start();
  look("the connection broke");
  look("the connection broke");
  const reason = look("the engine is down");
  expect(reason).toMatch(/^blind since 2026-11-20T02:00:00Z: nothing is judged, .*; the engine is down$/);
  expect([look("something else"), look("the connection broke")]).toEqual([reason, reason]);
});

it("begins anew when a round has judged in between", () => {
  const look = start();
  look("x", 5);
  const first = look("x");
  look("");
  look("x", 5);
  expect(look("x")).not.toBe(first);
});
