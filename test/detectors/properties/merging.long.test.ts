import { describe, expect, test } from "vitest";
import type { Rule } from "../../../core/migration.ts";
import type { Tick } from "../../../core/sample.ts";
import type { SignalName } from "../../../core/signals.ts";
import type { Evidence } from "../../../core/verdict.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { migration } from "../tick-builder.ts";
import { type ArmTraffic, anyTick, type Draw, forAll, HEALTHY, merged, RULES } from "./generate.ts";

/*
 * What holds, and what the tests below say. Within an hour and a stage, evidence is a sum over calls, so that it does not
 * matter how time is cut into ticks, where
 *   - the reference is fixed: limits on the canary alone, and quantiles, whose reference is renewed hourly;
 *   - the canary's share of the calls compared is the same in the pieces as in the whole.
 * Where an anchor follows the baseline from slice to slice (means), or where the share of the pieces differs by chance,
 * the evidence moves a little with the cut. Each cut is valid by itself.
 */

const HOUR = 60;
const PLAIN = RULES.filter(({ signal }) => signal !== "output_shape");
const SIGNALS = PLAIN.flatMap(({ signal }) => (signal === "output_shape" ? [] : [signal]));
const SIZES = [5, HOUR];

const rulesNamed = (...ids: readonly string[]): readonly Rule[] => RULES.filter(({ id }) => ids.includes(id));

/** An hour cut in minutes, then another in pieces of `size` minutes: references are renewed at the full hour. */
const judged = (rules: readonly Rule[], ticks: readonly Tick[], size: number): readonly Evidence[] => {
  const engine = createEngine(migration(rules));
  const cut = [...ticks.slice(0, HOUR), ...merged(ticks.slice(HOUR), size)];
  return (
    cut
      .map((each) => engine.step(each, "outcome"))
      .at(-1)
      ?.verdicts.map(({ evidence }) => evidence) ?? []
  );
};

const times = (of: ArmTraffic["rates"], factor: number): ArmTraffic["rates"] =>
  Object.fromEntries(Object.entries(of).map(([name, x]) => [name, x < 1 ? Math.min(0.99, x * factor) : x * factor]));

/** Two hours in which the canary gets worse at some moment; `calls` per arm and minute. */
const anyTwoHours = (
  draw: Draw,
  signals: readonly SignalName[],
  calls: () => Readonly<Record<"canary" | "baseline", number>> = () => ({ canary: 20, baseline: 180 }),
): readonly Tick[] => {
  const [factor, start] = [1 + 1.5 * draw.random(), draw.whole(0, 2 * HOUR)];
  const only = (of: ArmTraffic["rates"]): ArmTraffic["rates"] =>
    Object.fromEntries(Object.entries(of).filter(([name]) => signals.some((signal) => signal === name)));
  const [rates, medians] = [only(HEALTHY.canary.rates), only(HEALTHY.canary.medians)];
  const ill = { rates: times(rates, factor), medians: times(medians, factor) };
  return Array.from({ length: 2 * HOUR }, (_, minute) => {
    const counts = calls();
    const canary = { ...(minute < start ? { rates, medians } : ill), calls: counts.canary };
    const tick = anyTick(draw, minute, { canary, baseline: { rates, medians, calls: counts.baseline } });
    // Until likeness is known calls count as half, up to a call in the middle of a tick.
    return { ...tick, designEffects: Object.fromEntries(signals.map((signal) => [signal, 1])) };
  });
};

const expectNear = (found: readonly Evidence[], expected: readonly Evidence[], absolute: number, part: number): void =>
  expected.forEach((evidence, i) => {
    for (const key of ["logE", "logEPass"] as const) {
      const room = absolute + part * Math.abs(evidence[key]);
      expect(Math.abs((found[i]?.[key] ?? Number.NaN) - evidence[key]), `${key} ${evidence[key]}`).toBeLessThanOrEqual(
        room,
      );
    }
    expect(found[i]?.n).toEqual(evidence.n);
    // Of a breach the worst segment is shown; two that are close may change places.
    if (found[i]?.segment !== evidence.segment) return;
    // Parts of a lump's calls are told as whole ones, and may be rounded once more often.
    for (const arm of ["canary", "baseline"] as const) {
      const [own, other] = [found[i]?.events?.[arm] ?? 0, evidence.events?.[arm] ?? 0];
      expect(Math.abs(own - other)).toBeLessThanOrEqual(1);
    }
  });

describe("merging ticks of one hour and stage", () => {
  test("changes nothing at equal shares where the reference is fixed: limits, ratios of rates", () => {
    const rules = rulesNamed("error", "tickets");
    forAll(5, (draw) => {
      const ticks = anyTwoHours(draw, ["error", "support_tickets"]);
      const fine = judged(rules, ticks, 1);
      for (const size of SIZES) expectNear(judged(rules, ticks, size), fine, 1e-6, 1e-9);
    });
  });

  test("changes it by less than half a percent, or a quarter, where a quantile is placed anew within the hour", () => {
    const rules = rulesNamed("p99", "p95");
    forAll(5, (draw) => {
      const ticks = anyTwoHours(draw, ["latency_ms"]);
      const fine = judged(rules, ticks, 1);
      for (const size of SIZES) expectNear(judged(rules, ticks, size), fine, 0.25, 0.005);
    });
  });

  test("changes the evidence about means by less than half a percent, or a quarter", { tags: ["soak"] }, () => {
    const rules = rulesNamed("refusal", "refusal.by", "tools", "tokens", "cost");
    forAll(4, (draw) => {
      const ticks = anyTwoHours(draw, ["refusal", "tool_call_valid", "tokens_total", "cost_usd"]);
      const fine = judged(rules, ticks, 1);
      for (const size of SIZES) expectNear(judged(rules, ticks, size), fine, 0.25, 0.005);
    });
  });

  test("changes it by less than a tenth, or two, where the canary's share is different in every tick", {
    tags: ["soak"],
  }, () => {
    forAll(4, (draw) => {
      const calls = () => ({ canary: draw.whole(0, 40), baseline: draw.whole(160, 240) });
      const ticks = anyTwoHours(draw, SIGNALS, calls);
      const fine = judged(PLAIN, ticks, 1);
      for (const size of SIZES) expectNear(judged(PLAIN, ticks, size), fine, 2, 0.1);
    });
  });
});
