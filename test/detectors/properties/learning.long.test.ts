import { describe, expect, test } from "vitest";
import type { Tick } from "../../../core/sample.ts";
import type { Judgement } from "../../../core/verdict.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { migration } from "../tick-builder.ts";
import { anyTick, anyTicks, type Draw, forAll, HEALTHY, merged, RULES } from "./generate.ts";

const BEFORE = 20;

/** Ticks in which the baseline alone is called, and failing in some of them: what comes before a start. */
const pastTicks = (draw: Draw): readonly Tick[] =>
  anyTicks(draw, BEFORE, () => ({
    canary: { ...HEALTHY.canary, calls: 0 },
    baseline: { ...HEALTHY.baseline, rates: { ...HEALTHY.baseline.rates, error: draw.pick([0.01, 0.5]) } },
  }));

/** The judgement of `after` by an engine that has learned from `past`. */
const judged = (past: readonly Tick[], after: readonly Tick[]): readonly Judgement[] => {
  const engine = createEngine(migration(RULES));
  for (const tick of past) engine.learn(tick);
  return after.map((tick) => engine.step(tick));
};

const later = (ticks: readonly Tick[]): readonly Tick[] =>
  ticks.map((tick) => ({ ...tick, from: tick.from + BEFORE * 60_000, to: tick.to + BEFORE * 60_000 }));

describe("what an engine learns before judging begins", () => {
  test("is no evidence: whatever the baseline did, no rule is breached, cleared or counted by it", () => {
    forAll(5, (draw) => {
      const quiet = { ...anyTick(draw, BEFORE), samples: [], calls: [] };
      const [judgement] = judged(pastTicks(draw), [quiet]);
      for (const { outcome, evidence } of judgement?.verdicts ?? []) {
        expect(outcome).toBe("undecided");
        expect(evidence.n).toEqual({ canary: 0, baseline: 0 });
        // Weights that sum to 1 do so to the last digit or so.
        expect(evidence.logE).toBeLessThanOrEqual(1e-12);
        expect(evidence.logEPass).toBeLessThanOrEqual(1e-12);
      }
    });
  });

  test("is the baseline's part alone: calls that a canary had before the start change nothing", () => {
    forAll(3, (draw) => {
      const [past, after] = [pastTicks(draw), later(anyTicks(draw, 30))];
      const ill = { ...HEALTHY.canary, rates: { ...HEALTHY.canary.rates, error: 0.9 } };
      const tried = past.map((tick, minute) => {
        const { samples } = anyTick(draw, minute, { ...HEALTHY, canary: ill });
        return { ...tick, samples: [...tick.samples, ...samples.filter(({ cohort }) => cohort === "canary")] };
      });
      expect(judged(tried, after)).toEqual(judged(past, after));
    });
  });

  test("does not depend on how it was cut into ticks", { tags: ["soak"] }, () => {
    forAll(3, (draw) => {
      const [past, after] = [pastTicks(draw), later(anyTicks(draw, 30))];
      const outcomes = (judgements: readonly Judgement[]) =>
        judgements.map(({ verdicts }) => verdicts.map(({ rule, outcome }) => [rule, outcome]));
      expect(outcomes(judged(merged(past, draw.whole(2, BEFORE)), after))).toEqual(outcomes(judged(past, after)));
    });
  });

  test("is known again, bit for bit, to an engine that is rebuilt", { tags: ["soak"] }, () => {
    forAll(3, (draw) => {
      const [past, after] = [pastTicks(draw), later(anyTicks(draw, 40))];
      const live = judged(past, after);
      const rebuilt = createEngine(migration(RULES));
      for (const tick of past) rebuilt.learn(JSON.parse(JSON.stringify(tick)));
      for (const tick of after.slice(0, -1)) rebuilt.replay(tick);
      expect(rebuilt.step(after.at(-1) as Tick)).toEqual(live.at(-1));
    });
  });

  test("comes first: after a step there is nothing left to learn", () => {
    const engine = createEngine(migration(RULES));
    forAll(1, (draw) => {
      engine.step(anyTick(draw, 0));
      expect(() => engine.learn(anyTick(draw, 1))).toThrow("after judging began");
    });
  });
});
