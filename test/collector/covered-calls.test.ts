import { expect, test } from "vitest";
import { learnLeftovers } from "../../collector/covered/learn-calls.ts";
import type { SeenCall } from "../../collector/covered/same-call.ts";
import { createCoveredCalls } from "../../collector/covered-calls.ts";
import { encodeSpanRow } from "../../core/span-row.ts";
import { aSpan } from "../store/a-span.ts";

const call = (n: number, scope: string, traceOf = (_n: number) => "t"): SeenCall => {
  const id = n.toString(16).padStart(16, "0");
  const row = aSpan({ trace_id: traceOf(n), span_id: id, scope, response_id: `answer-${n}` });
  return { row, covers: "", isSaid: true };
};

const firsts = (covered: ReturnType<typeof createCoveredCalls>, calls: readonly SeenCall[]): readonly SeenCall[] => {
  const work = covered.sort(calls);
  let step = work.next();
  while (step.done !== true) step = work.next();
  step.value.settle({ written: new Map(), lost: new Set(), exchanged: new Set() });
  return step.value.rows;
};

test("a call is known by another scope while its keys are remembered: at least half of the limit", () => {
  const covered = createCoveredCalls(100, () => 0);
  const seen = Array.from({ length: 25 }, (_, n) => call(n, "one"));
  expect(firsts(covered, seen)).toHaveLength(25);
  const again = seen.map((_each, n) => call(n, "another"));
  expect(firsts(covered, again)).toEqual([]);
});

test("the oldest keys are forgotten, and forgetting takes no longer the more there are", () => {
  const covered = createCoveredCalls(20_000, () => 0);
  // a Map from which the oldest key is deleted for each that is added would take minutes here
  for (let round = 0; round < 8; round += 1) {
    firsts(
      covered,
      Array.from({ length: 20_000 }, (_, n) => call(round * 20_000 + n, "one", String)),
    );
  }
  expect(firsts(covered, [call(0, "another", String)])).toHaveLength(1);
  expect(firsts(covered, [call(159_999, "another", String)])).toEqual([]);
});

test("what is forgotten within a minute is counted, and nothing where there was time", () => {
  const crowd = (round: number): readonly SeenCall[] =>
    Array.from({ length: 1000 }, (_, n) => call(round * 1000 + n, "one", String));
  let now = 1_790_000_000_000;
  const calm = createCoveredCalls(8000, () => now);
  const busy = createCoveredCalls(8000, () => 1_790_000_000_000);
  for (let round = 0; round < 50; round += 1) {
    now += 61_000;
    firsts(calm, crowd(round));
    firsts(busy, crowd(round));
  }
  expect(calm.forgottenEarly()).toBe(0);
  expect(busy.forgottenEarly()).toBeGreaterThan(40_000);
  expect(busy.forgottenEarly()).toBeLessThan(50_000);
});

test("a call of which another request tries to write the row is waited for, and told again when that is known", () => {
  const covered = createCoveredCalls(100, () => 0);
  const sort = (calls: readonly SeenCall[]) => {
    const work = covered.sort(calls);
    let step = work.next();
    while (step.done !== true) step = work.next();
    return step.value;
  };
  const first = sort([call(1, "one")]);
  const second = sort([call(1, "another")]);
  expect([first.rows.length, second.rows.length, second.waiting.length]).toEqual([1, 0, 1]);
  const ended: string[] = [];
  const ready = second.ready().then(() => ended.push("ready"));
  second.settle({ written: new Map(), lost: new Set(), exchanged: new Set() });
  first.settle({ written: new Map(), lost: new Set(first.rows.map(({ row }) => row)), exchanged: new Set() });
  return ready.then(() => {
    expect(ended).toEqual(["ready"]);
    expect(sort(second.waiting).rows).toEqual(second.waiting);
  });
});

test("what the store has is known, and neither its own span nor another one of the call is new to it", () => {
  const covered = createCoveredCalls(100, () => 0);
  covered.learn([call(1, "one").row, call(1, "one").row]);
  expect(firsts(covered, [call(1, "another")])).toEqual([]);
  // the duplicate filter knows whether it is on disk
  expect(firsts(covered, [call(1, "one")])).toHaveLength(1);
  expect(covered.tooLate()).toBe(0);
});

test("calls in the spool are known, also those an older version left there, and of very many the newest", () => {
  const lineOf = (n: number): string => encodeSpanRow(call(n, "one", String).row);
  const covered = createCoveredCalls(200_000, () => 0);
  const learn = learnLeftovers(covered);
  learn(lineOf(1));
  learn(`${lineOf(2).slice(0, lineOf(2).lastIndexOf(","))}]`);
  for (let n = 3; n <= 20_001; n += 1) learn(lineOf(n));
  const others = [1, 2, 20_000, 20_001].map((n) => call(n, "another", String));
  expect(firsts(covered, others)).toEqual(others.slice(3));
});
