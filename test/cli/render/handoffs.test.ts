import { describe, expect, it } from "vitest";
import { renderHandoffs } from "../../../cli/render/handoffs.ts";
import type { ArmHandoffs } from "../../../core/handoff.ts";
import type { HandoffsView } from "../../../status/handoffs-view.ts";

const view = (handoffs: HandoffsView["handoffs"], problem = ""): string =>
  renderHandoffs({ schema: "leeway.handoffs/1", migration: "m", from: 0, to: 1, handoffs, problem }).join("\n");
const KNOWN = { calls: 900, named: 800, unmarked: 0 };
const ARM: ArmHandoffs = {
  ...{ arm: "baseline", conversations: 42, calls: 57, nameless: 0, first: 0, last: 60_000 },
  effects: [
    {
      signal: "error",
      conversations: { moved: 42, stayed: 512 },
      values: { moved: 0.12, stayed: 0.03 },
      ...{ difference: 0.09, interval: { lower: -0.01, upper: 0.21 }, missing: null },
    },
    {
      signal: "latency_ms",
      conversations: { moved: 12, stayed: 512 },
      values: { moved: 812, stayed: 640 },
      ...{ difference: null, interval: null, missing: { moved: 18, stayed: 0 } },
    },
  ],
};

describe("hand-offs, as leeway explain shows them", () => {
  it("are a table of first turns beside those that stayed, and of what is missing", () => {
    const text = view({ ...KNOWN, arms: [ARM] });
    expect(text).toContain("hand-offs: 42 conversations moved to the baseline, 57 calls of first turns;");
    expect(text).toMatch(/error +12% +3% +\+9 pt +-1 pt to \+21 pt +42 \/ 512/);
    expect(text).toMatch(/latency_ms +812 ms +640 ms +too few +18 \/ 0 missing +12 \/ 512/);
  });

  it.each<[string, HandoffsView["handoffs"], string]>([
    ["none", { ...KNOWN, arms: [] }, "hand-offs: none: no call says that its conversation was moved; 800 of 900 calls"],
    ["no conversation ids", { ...KNOWN, named: 0, arms: [] }, "not known: no call names its conversation"],
    ["no call", { calls: 0, named: 0, unmarked: 0, arms: [] }, "not known: no call in this stage"],
    [
      "changes without a mark",
      { ...KNOWN, unmarked: 3, arms: [] },
      "3 conversations had calls of both arms and no mark",
    ],
    [
      "marks without conversations",
      { ...KNOWN, arms: [{ ...ARM, conversations: 0, calls: 0, nameless: 1 }] },
      "left out   1 call after a move that name no conversation",
    ],
  ])("where there are %s, say so", (_what, handoffs, said) => {
    expect(view(handoffs)).toContain(said);
  });

  it("are not known where the calls could not be read", () => {
    expect(view(null, "the store is down; ask again")).toContain("hand-offs: not known: the store is down");
  });
});
