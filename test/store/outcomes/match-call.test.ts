import { describe, expect, it } from "vitest";
import type { FoundCall } from "../../../store/outcomes/find-calls.ts";
import { matchCall } from "../../../store/outcomes/match-call.ts";

const call = (trace_id: string, span_id: string, response_id = "", parent_span_id = ""): FoundCall => ({
  ...{ trace_id, span_id, parent_span_id, response_id },
  ...{ migration: "m", cohort: "canary", segments: {} },
});

const CALLS = [
  call("t1", "s1", "r1", "p1"),
  call("t1", "s2", "r2", "p2"),
  call("t2", "s3", "r3", "p3"),
  call("t2", "s4", "r4", "p3"),
  call("t3", "s5", "r5", "p5"),
];

const named = (trace_id: string, span_id: string, response_id = "") => ({ trace_id, span_id, response_id });

describe("the call an outcome belongs to", () => {
  it.each([
    ["is the one whose span it names", named("t1", "s2"), "s2"],
    ["is that one, whatever response id it names beside", named("t1", "s2", "r1"), "s2"],
    ["is the one that gave the response", named("", "", "r3"), "s3"],
    ["is found by the response when its span is another's", named("t9", "s9", "r4"), "s4"],
    ["is unknown when only a trace is named", named("t1", ""), undefined],
    ["is unknown when nothing is named", named("", ""), undefined],
  ])("%s, whether or not all calls have arrived", (_case, outcome, expected) => {
    expect([matchCall(outcome, CALLS, false)?.span_id, matchCall(outcome, CALLS, true)?.span_id]).toEqual([
      expected,
      expected,
    ]);
  });

  it.each([
    ["is the only one made inside the named span", named("t1", "p1"), "s1"],
    ["is unknown when several were made inside it", named("t2", "p3"), undefined],
    ["is the only one of its trace", named("t3", "elsewhere"), "s5"],
    ["is unknown when its trace has several, and none inside the named span", named("t1", "elsewhere"), undefined],
    ["is not one of another trace", named("t4", "s1"), undefined],
  ])("%s, once all have arrived", (_case, outcome, expected) => {
    expect([matchCall(outcome, CALLS, false), matchCall(outcome, CALLS, true)?.span_id]).toEqual([null, expected]);
  });
});
