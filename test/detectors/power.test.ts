import { describe, expect, test } from "vitest";
import { powerOf } from "../../detectors/power/power-of.ts";
import { rule } from "./tick-builder.ts";

const at = { share: 0.05, canaryCallsPerHour: 500, threshold: Math.log(100) };

describe("the power of a rule", () => {
  test("twice the limit is cheaper to see than one and a half times", () => {
    for (const each of [
      rule({ signal: "error", reference: "none" }),
      rule({ signal: "tokens_total", unit: "relative", limit: 0.2 }),
    ]) {
      const power = powerOf(each, at);
      expect(power?.breachAt2).toBeLessThan(power?.breachAt1_5 ?? 0);
      expect(power?.breachAt2).toBeGreaterThan(0);
    }
  });

  test("the error rule's power is the measured one: about 300 calls from 5% to 10%", () => {
    const power = powerOf(rule({ signal: "error", reference: "none" }), at);
    expect(power?.breachAt2).toBeGreaterThanOrEqual(100);
    expect(power?.breachAt2).toBeLessThanOrEqual(400);
    expect(power?.assumption).toBe("1% on the baseline");
  });

  test("a tighter limit costs more, and what is out of reach is null, not a number", () => {
    const quick = powerOf(rule({ signal: "refusal", unit: "points", limit: 0.1 }), at);
    const slow = powerOf(rule({ signal: "refusal", unit: "points", limit: 0.02 }), at);
    expect(slow?.breachAt2 ?? Number.POSITIVE_INFINITY).toBeGreaterThan(quick?.breachAt2 ?? 0);
    expect(
      powerOf(rule({ signal: "support_tickets", unit: "relative", limit: 0.05 }), { ...at, maxCalls: 2000 })
        ?.breachAt1_5,
    ).toBeNull();
  });

  test("is the same every time", () => {
    const each = rule({ signal: "quality", unit: "points", direction: "drop" });
    expect(powerOf(each, at)).toEqual(powerOf(each, at));
  });

  test("of an evaluation is that of quality", () => {
    const of = (signal: "quality" | "evaluation.safe") =>
      powerOf(rule({ signal, unit: "points", direction: "drop", id: "one" }), at);
    expect(of("evaluation.safe")).toEqual(of("quality"));
    expect(of("evaluation.safe")?.breachAt2).toBeGreaterThan(0);
  });

  test.each([
    ["drop", 0.9],
    ["drop", 0.8],
    ["increase", 0.1],
  ] as const)("of an absolute limit on a score (%s, %d) is that of a baseline that keeps it", (direction, limit) => {
    const each = rule({ signal: "evaluation.safe", unit: "absolute", direction, limit, reference: "none" });
    const power = powerOf(each, at);
    expect(power?.clear).toBeGreaterThan(0);
    expect(power?.breachAt2).toBeGreaterThan(0);
  });

  test("output_shape has no limit and no power", () => {
    expect(powerOf(rule({ signal: "output_shape", limit: null, unit: null }), at)).toBeNull();
  });
});
