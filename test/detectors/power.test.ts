import { describe, expect, test } from "vitest";
import { seededRandom } from "../../core/seeded-random.ts";
import { createEngine } from "../../detectors/engine.ts";
import { assumedCalls } from "../../detectors/power/assumed-calls.ts";
import { leastCalls } from "../../detectors/power/least-calls.ts";
import { powerOf } from "../../detectors/power/power-of.ts";
import { MINUTE, migration, rule, tick } from "./tick-builder.ts";

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

  const P99 = rule({ signal: "latency_ms", quantile: 0.99, unit: "relative", limit: 0.4 });

  test("no test is clear before so many calls, and the shipped one soon after", () => {
    for (const each of [P99, rule({ signal: "latency_ms", quantile: 0.99, unit: "absolute-increase", limit: 200 })]) {
      const { least, clear, clearIn9of10 } = powerOf(each, at) ?? {};
      expect(clearIn9of10).toBeGreaterThanOrEqual(clear ?? Number.POSITIVE_INFINITY);
      expect(clearIn9of10).toBeGreaterThanOrEqual(least ?? Number.POSITIVE_INFINITY);
      expect(clearIn9of10).toBeLessThanOrEqual(2.5 * (least ?? 0));
    }
  });

  test("what no test can do is not found by one: the least of each rule is below what its judge takes", () => {
    for (const each of [
      rule({ signal: "error", reference: "none" }),
      rule({ signal: "refusal", unit: "points", direction: "either" }),
      rule({ signal: "tool_call_valid", unit: "relative", limit: 0.1, direction: "drop" }),
    ]) {
      const { least, clearIn9of10 } = powerOf(each, at) ?? {};
      expect(least).toBeGreaterThan(0);
      expect(clearIn9of10).toBeGreaterThanOrEqual(least ?? Number.POSITIVE_INFINITY);
    }
    expect(leastCalls(rule({ signal: "tokens_total", unit: "relative", limit: 0.2 }), 0.05)).toBeNull();
    // the exact sizes of one-sided tests of a rate: 1% where 5% are allowed
    expect(leastCalls(rule({ signal: "error", reference: "none" }), 0.05)).toBe(97);
  });

  test("a limit that health is at, or that is nearer, takes more calls", () => {
    const tickets = (limit: number) => leastCalls(rule({ signal: "support_tickets", unit: "relative", limit }), 0.05);
    expect(tickets(0.15)).toBeGreaterThan(4 * (tickets(0.4) ?? Number.POSITIVE_INFINITY));
    expect(tickets(0)).toBeNull();
  });

  test("at little traffic is that of the engine, tick by tick: 1300 calls a day", () => {
    const callsPerDay = 1300;
    const power = powerOf(P99, { ...at, canaryCallsPerHour: (callsPerDay * at.share) / 24 });
    const { draw } = assumedCalls(P99, "latency_ms", 0);
    const callsUntilClear = (seed: number): number => {
      const [engine, random] = [createEngine(migration([P99])), seededRandom(seed)];
      for (let [hour, calls] = [0, 0]; hour < 24 * 90; hour++) {
        const samples = (["canary", "baseline"] as const)
          .map((cohort) => {
            const mean = (callsPerDay / 24) * (cohort === "canary" ? at.share : 1 - at.share);
            return draw(random, cohort, Math.floor(mean + random()));
          })
          .filter(({ n }) => n > 0);
        calls += samples.find(({ cohort }) => cohort === "canary")?.n ?? 0;
        const { verdicts } = engine.step({ ...tick(60 * hour, samples), to: 60 * (hour + 1) * MINUTE }, "outcome");
        if (verdicts[0]?.outcome === "clear") return calls;
      }
      return Number.POSITIVE_INFINITY;
    };
    const [, , median = 0] = [1, 2, 3, 4, 5].map(callsUntilClear).sort((a, b) => a - b);
    expect(median).toBeGreaterThan((power?.clear ?? 0) / 2);
    expect(median).toBeLessThan(2 * (power?.clear ?? 0));
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
