import { describe, expect, it } from "vitest";
import { createSegmentCoverage } from "../../detectors/pairs/segment-coverage.ts";
import { coverageLines, coverageText } from "../../status/coverage-text.ts";
import { pairRow } from "../detectors/pairs/pair-rows.ts";

describe("coverage in words", () => {
  it("has a line a value, the others as one, and what is not known apart", () => {
    const covered = createSegmentCoverage();
    for (let i = 0; i < 60; i += 1) covered.add(pairRow({ segments: { tier: `t${i}` }, calls: 100 - i }));
    covered.add(pairRow({ segments: { tier: "t0" }, outcome: "sampled-out", calls: 300 }));
    covered.add(pairRow({ segments: { tier: "t0" }, outcome: "failed", calls: 2 }));
    const lines = coverageLines(covered.read({ paired: 4300, "sampled-out": 300, failed: 2 }), 2);
    expect(lines).toEqual([
      { label: "tier=t0", calls: "402", shadowed: "24.9%", unpaired: "300 sampled-out, 2 failed" },
      { label: "tier=t1", calls: "99", shadowed: "100%", unpaired: "" },
      { label: "tier: other values", calls: "4,031", shadowed: "100%", unpaired: "" },
      { label: "tier: no value is known", calls: "70", shadowed: "100%", unpaired: "" },
    ]);
  });

  it("stays on one line, whatever a value holds", () => {
    const covered = createSegmentCoverage();
    covered.add(pairRow({ segments: { a: 'x\n"y"\u001b[2J' } }));
    expect(coverageLines(covered.read({ paired: 1 }), 5)[0]?.label).toBe('a=x\\n"y"\\u001b[2J');
  });

  it("is none without a call", () => {
    expect(coverageText({})).toBeNull();
    expect(coverageLines([], 5)).toEqual([]);
  });
});
