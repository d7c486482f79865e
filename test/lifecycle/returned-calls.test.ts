import { describe, expect, it } from "vitest";
import type { CanaryCall } from "../../core/sender-calls.ts";
import { returnedCalls } from "../../lifecycle/returned-calls.ts";

const PROOF = 1_000_000;
const SENDER = { service: "app", muteMs: 0, mostDelayMs: 50, baselineCalls: 100 };
const rollback = {
  provenUntil: PROOF,
  provenSenders: [
    { ...SENDER, instance: "pod-1", until: PROOF },
    { ...SENDER, instance: "slow", until: PROOF - 120_000 },
    { ...SENDER, instance: "ahead", until: PROOF + 600_000 },
  ],
};
const aCall = (instance: string, started: number, fields: Partial<CanaryCall> = {}): CanaryCall => ({
  service: "app",
  instance,
  startedAt: PROOF + started,
  ownStart: PROOF + started,
  clockSkewMs: 0,
  ...fields,
});

describe("a canary call that came in after the proof", () => {
  it.each<[string, CanaryCall, boolean]>([
    ["that started later", aCall("pod-1", 1), true],
    ["that started before", aCall("pod-1", -1), false],
    ["of a new sender that started later", aCall("pod-9", 1), true],
    ["of a new sender that started before", aCall("pod-9", -1), false],
    ["without an instance", aCall("", 1), true],
    ["of a clock that is 2 min behind, started later", aCall("slow", -119_000), true],
    ["of a clock that is 2 min behind, started before", aCall("slow", -121_000), false],
    [
      "of a clock that is ahead, moved to its arrival, started before",
      { ...aCall("ahead", 5_000), ownStart: PROOF + 599_000, clockSkewMs: 594_000 },
      false,
    ],
    [
      "of a clock that is ahead, started later",
      { ...aCall("ahead", 5_000), ownStart: PROOF + 605_000, clockSkewMs: 600_000 },
      true,
    ],
    [
      "of a clock that was set back since, started later",
      { ...aCall("pod-1", 70_000), ownStart: PROOF - 530_000, clockSkewMs: -600_000 },
      true,
    ],
  ])("%s", (_what, call, isReturned) => {
    expect(returnedCalls([call], rollback, PROOF + 9) !== null).toBe(isReturned);
  });

  it("is told with those it came from, each once, and not those of before", () => {
    const calls = [aCall("b", 5), aCall("b", 7), aCall("", 6), aCall("pod-1", -9)];
    expect(returnedCalls(calls, rollback, PROOF + 9)).toEqual({
      since: PROOF,
      until: PROOF + 9,
      canaryCalls: 3,
      baselineCalls: 0,
      lastCanaryStart: PROOF + 7,
      instances: ["app (calls without service.instance.id)", "b"],
    });
  });

  it("goes by the agent's clock where the proof is an earlier version's", () => {
    const old = { provenUntil: PROOF, provenSenders: [] };
    expect(returnedCalls([aCall("pod-1", 1)], old, PROOF)?.canaryCalls).toBe(1);
    expect(returnedCalls([aCall("pod-1", -1)], old, PROOF)).toBeNull();
  });
});
