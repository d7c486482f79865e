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
];

describe("the call an outcome belongs to", () => {
  it.each([
    ["is the one whose span it names", { trace_id: "t1", span_id: "s2", response_id: "" }, "s2"],
    ["is that one, whatever response id it names beside", { trace_id: "t1", span_id: "s2", response_id: "r1" }, "s2"],
    ["is the one that gave the response", { trace_id: "", span_id: "", response_id: "r3" }, "s3"],
    ["is found by the response when its span is another's", { trace_id: "t9", span_id: "s9", response_id: "r4" }, "s4"],
    ["is the only one made inside the named span", { trace_id: "t1", span_id: "p1", response_id: "" }, "s1"],
    ["is unknown when several were made inside it", { trace_id: "t2", span_id: "p3", response_id: "" }, undefined],
    ["is not one of another trace", { trace_id: "t2", span_id: "s1", response_id: "" }, undefined],
    ["is unknown when only a trace is named", { trace_id: "t1", span_id: "", response_id: "" }, undefined],
    ["is unknown when nothing is named", { trace_id: "", span_id: "", response_id: "" }, undefined],
  ])("%s", (_case, outcome, expected) => {
    expect(matchCall(outcome, CALLS)?.span_id).toBe(expected);
  });
});
