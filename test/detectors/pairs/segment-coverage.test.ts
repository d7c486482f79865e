import { describe, expect, it } from "vitest";
import type { Coverage } from "../../../detectors/pairs/pair-report.ts";
import { callsOf, createSegmentCoverage } from "../../../detectors/pairs/segment-coverage.ts";
import { pairRow } from "./pair-rows.ts";

const coverageOf = (rows: readonly Parameters<typeof pairRow>[0][], all: Coverage) => {
  const covered = createSegmentCoverage();
  for (const row of rows) covered.add(pairRow(row));
  return covered.read(all);
};

describe("coverage by segment", () => {
  it("is the part of each value's calls that became pairs, and why the others did not", () => {
    const [tier] = coverageOf(
      [
        { segments: { tier: "free" } },
        { segments: { tier: "free" }, outcome: "sampled-out", calls: 3 },
        { segments: { tier: "paid" }, outcome: "server-tools", calls: 2 },
      ],
      { paired: 1, "sampled-out": 10, "server-tools": 2 },
    );
    expect(tier).toEqual({
      name: "tier",
      values: [
        { value: "free", calls: 4, shadowed: 0.25, coverage: { paired: 1, "sampled-out": 3 } },
        { value: "paid", calls: 2, shadowed: 0, coverage: { "server-tools": 2 } },
      ],
      others: { value: null, calls: 0, shadowed: null, coverage: {} },
      unknown: { value: null, calls: 7, shadowed: 0, coverage: { "sampled-out": 7 } },
    });
  });

  it.each([
    ["quotes and a newline", `"it's"\nsecond`],
    ["an emoji", "🏳️‍🌈"],
    ["a property of every object", "__proto__"],
    ["nothing", ""],
  ])("keeps values apart as they came: %s", (_what, value) => {
    const [name] = coverageOf([{ segments: { a: value } }, { segments: { a: `${value}x` } }], { paired: 2 });
    expect(name?.values.map((each) => each.value).sort()).toEqual([value, `${value}x`].sort());
  });

  it("names 50 of 20,000 values, has the others as one, and loses no call", () => {
    const often = Array.from({ length: 30 }, () => ({ segments: { user: "often" } }));
    const rows = Array.from({ length: 20_000 }, (_, i) => ({ segments: { user: `u${i}` } }));
    const [user] = coverageOf([...often, ...rows], { paired: 20_030 });
    expect([user?.values.length, user?.values[0]?.value]).toEqual([50, "often"]);
    const told = [...(user?.values ?? []), ...(user ? [user.others, user.unknown] : [])];
    expect(told.reduce((sum, { calls }) => sum + calls, 0)).toBe(20_030);
    expect(user?.unknown.calls).toBe(0);
  });

  it("is bounded in its names, and is nothing without a segment", () => {
    const segments = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`n${i}`, "x"]));
    expect(coverageOf([{ segments }], { paired: 1 })).toHaveLength(16);
    expect(coverageOf([{}, { segments: { "": "x" } }], { paired: 2 })).toEqual([]);
  });

  it("counts calls of all outcomes", () => {
    expect(callsOf({ paired: 3, failed: 4 })).toBe(7);
    expect(callsOf({})).toBe(0);
  });
});
