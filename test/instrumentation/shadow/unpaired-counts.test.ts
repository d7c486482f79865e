import { describe, expect, it } from "vitest";
import { createUnpairedCounts, type Unpaired } from "../../../instrumentation/shadow/unpaired-counts.ts";

const of = (segments: Unpaired["segments"], outcome: Unpaired["outcome"] = "sampled-out"): Unpaired => ({
  ...{ migration: "m", kind: "candidate", outcome, segments },
});

const takenFrom = (all: readonly Unpaired[]) => {
  const counts = createUnpairedCounts();
  for (const each of all) counts.add(each);
  const taken: (readonly [Unpaired, number])[] = [];
  counts.take((each, calls) => void taken.push([each, calls]));
  counts.take(() => expect.fail("what was taken is taken"));
  return taken;
};

describe("served calls that made no pair", () => {
  it("are told apart by reason and segments, whatever their order", () => {
    const all = [of({ a: "1", b: "2" }), of({ b: "2", a: "1" }), of({ a: "1" }), of({ a: "1" }, "failed")];
    expect(takenFrom(all).map(([each, calls]) => [each.outcome, each.segments, calls])).toEqual([
      ["sampled-out", { a: "1", b: "2" }, 2],
      ["sampled-out", { a: "1" }, 1],
      ["failed", { a: "1" }, 1],
    ]);
  });

  it("are counted without segments where there are too many, and none is lost", () => {
    const taken = takenFrom(Array.from({ length: 20_000 }, (_, i) => of({ user: `u${i}` })));
    expect(taken).toHaveLength(65);
    expect(taken.find(([each]) => Object.keys(each.segments).length === 0)?.[1]).toBe(20_000 - 64);
    expect(taken.reduce((sum, [, calls]) => sum + calls, 0)).toBe(20_000);
  });
});
