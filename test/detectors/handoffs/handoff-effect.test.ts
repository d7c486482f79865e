import { describe, expect, it } from "vitest";
import { HANDOFF_SIGNALS, type HandoffSignal, type HandoffSums } from "../../../core/handoff.ts";
import { handoffEffects, MIN_CONVERSATIONS } from "../../../detectors/handoffs/handoff-effect.ts";
import { forAll } from "../properties/generate.ts";

const NOTHING: HandoffSums = { n: 0, sum: 0, squares: 0 };
const sumsOf = (values: readonly number[]): HandoffSums => ({
  n: values.length,
  sum: values.reduce((a, b) => a + b, 0),
  squares: values.reduce((a, b) => a + b * b, 0),
});
const effectOf = (signal: HandoffSignal, moved: readonly number[], stayed: readonly number[]) => {
  const none = Object.fromEntries(HANDOFF_SIGNALS.map((each) => [each, { moved: NOTHING, stayed: NOTHING }]));
  const sums = { ...none, [signal]: { moved: sumsOf(moved), stayed: sumsOf(stayed) } } as Parameters<
    typeof handoffEffects
  >[0]["sums"];
  return handoffEffects({ sums }).find((effect) => effect.signal === signal);
};
const rates = (n: number, events: number) => Array.from({ length: n }, (_, i) => (i < events ? 1 : 0));

describe("the effect of a hand-off", () => {
  it("is unknown with too few conversations, and says how many are missing in which group", () => {
    expect(effectOf("error", rates(12, 6), rates(400, 4))).toMatchObject({
      ...{ difference: null, interval: null, missing: { moved: MIN_CONVERSATIONS - 12, stayed: 0 } },
      values: { moved: 0.5, stayed: 0.01 },
    });
    expect(effectOf("latency_ms", [], [])).toMatchObject({
      ...{ values: { moved: null, stayed: null }, difference: null },
      missing: { moved: MIN_CONVERSATIONS, stayed: MIN_CONVERSATIONS },
    });
  });

  it("of a rate is a difference in points, whose interval holds it and 0 where nothing differs", () => {
    const worse = effectOf("error", rates(200, 60), rates(1000, 30));
    expect(worse?.difference).toBeCloseTo(0.27, 9);
    expect(worse?.interval?.lower).toBeGreaterThan(0);
    const same = effectOf("refusal", rates(30, 0), rates(30, 0));
    expect(same?.difference).toBe(0);
    expect(same?.interval?.lower).toBeLessThan(-0.05);
    expect(same?.interval?.upper).toBeGreaterThan(0.05);
  });

  it("of an amount is relative, and certain where every conversation is alike", () => {
    const effect = effectOf("latency_ms", Array(40).fill(Math.log(300)), Array(50).fill(Math.log(200)));
    expect(effect?.values.moved).toBeCloseTo(300, 6);
    expect(effect?.difference).toBeCloseTo(0.5, 6);
    expect(effect?.interval?.lower).toBeCloseTo(0.5, 4);
  });

  it("covers the truth in 95 of 100 draws or so, with few conversations and unequal groups", () => {
    let [covered, drawn] = [0, 0];
    forAll(400, (draw) => {
      const normal = () =>
        Array.from({ length: 12 }, () => draw.whole(0, 1_000_000) / 1_000_000).reduce((a, b) => a + b, -6);
      const moved = Array.from({ length: 30 }, () => 6.2 + 0.9 * normal());
      const stayed = Array.from({ length: 60 }, () => 6 + 0.4 * normal());
      const interval = effectOf("latency_ms", moved, stayed)?.interval;
      const truth = Math.expm1(0.2);
      drawn += 1;
      if (interval != null && interval.lower <= truth && truth <= interval.upper) covered += 1;
    });
    expect(covered / drawn).toBeGreaterThan(0.91);
  });
});
