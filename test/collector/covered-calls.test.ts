import { expect, test } from "vitest";
import { createCoveredCalls, type SeenCall } from "../../collector/covered-calls.ts";

const call = (n: number, scope: string): SeenCall => {
  const id = n.toString(16).padStart(16, "0");
  const row = { trace_id: "t", span_id: id, parent_span_id: "", service: "s", scope, response_id: `answer-${n}` };
  return { row, covers: "" };
};

const firsts = (covered: ReturnType<typeof createCoveredCalls>, calls: readonly SeenCall[]): readonly SeenCall[] => {
  const work = covered.firsts(calls);
  for (let step = work.next(); ; step = work.next()) if (step.done === true) return step.value;
};

test("a call is known by another scope while its keys are remembered: at least half of the limit", () => {
  const covered = createCoveredCalls(100);
  const seen = Array.from({ length: 25 }, (_, n) => call(n, "one"));
  expect(firsts(covered, seen)).toHaveLength(25);
  const again = seen.map((_each, n) => call(n, "another"));
  expect(firsts(covered, again)).toEqual([]);
});

test("the oldest keys are forgotten, and forgetting takes no longer the more there are", () => {
  const covered = createCoveredCalls(20_000);
  // a Map from which the oldest key is deleted for each that is added would take minutes here
  for (let round = 0; round < 20; round += 1) {
    firsts(
      covered,
      Array.from({ length: 20_000 }, (_, n) => call(round * 20_000 + n, "one")),
    );
  }
  expect(firsts(covered, [call(0, "another")])).toHaveLength(1);
  expect(firsts(covered, [call(399_999, "another")])).toEqual([]);
});
