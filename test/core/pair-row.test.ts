import { describe, expect, it } from "vitest";
import { encodePairRow, isPairOutcome, PAIR_COLUMNS, PAIR_OUTCOMES, type PairRow } from "../../core/pair-row.ts";

const ROW: PairRow = {
  ...{ id: "a".repeat(32), at_ms: 1, received_ms: 2, kind: "candidate", outcome: "paired", calls: 1 },
  ...{ migration: "m", service: "s", instance: "i", trace_id: "b".repeat(32), span_id: "c".repeat(16) },
  ...{ other_trace_id: "", other_span_id: "", cluster: "u", segments: { tier: "free" }, served_model: "x" },
  ...{ other_model: "y", error_type: "", numbers: { length_ratio: 1.5 }, labels: {}, changed: ["text"] },
  ...{ served_values: ["finish:stop"], other_values: ["finish:length"] },
};

describe("a row of a pair", () => {
  it("is one line with a cell a column, in their order", () => {
    const cells: unknown[] = JSON.parse(encodePairRow(ROW));
    expect(cells).toHaveLength(PAIR_COLUMNS.length);
    expect(cells[PAIR_COLUMNS.indexOf("segments")]).toEqual({ tier: "free" });
    expect(cells[PAIR_COLUMNS.indexOf("other_values")]).toEqual(["finish:length"]);
  });
});

describe("what became of a served call", () => {
  it("is one of the outcomes, or nothing that is known", () => {
    expect(PAIR_OUTCOMES.every(isPairOutcome)).toBe(true);
    expect(["", "Paired", null, 1].some(isPairOutcome)).toBe(false);
  });
});
