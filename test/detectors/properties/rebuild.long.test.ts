// @module-tag soak
import { describe, expect, test } from "vitest";
import type { Tick } from "../../../core/sample.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { migration } from "../tick-builder.ts";
import { anyTicks, type Draw, forAll, HEALTHY, RULES } from "./generate.ts";

const MINUTES = 150;

/** Ticks with everything a tick may carry: stages, design effects, what is known of how its calls came in. */
const fullTicks = (draw: Draw): readonly Tick[] => {
  const [ramp, swap] = [draw.whole(20, MINUTES), draw.whole(20, MINUTES)];
  const ill = draw.whole(0, MINUTES);
  const ticks = anyTicks(draw, MINUTES, (minute) =>
    minute < ill
      ? HEALTHY
      : { ...HEALTHY, canary: { ...HEALTHY.canary, rates: { ...HEALTHY.canary.rates, error: 0.1 } } },
  );
  return ticks.map((tick, minute) => ({
    ...tick,
    ...(minute < ramp ? {} : { stage: 1, share: 0.25 }),
    ...(minute % 10 === 0 ? { designEffects: { error: 1 + draw.random(), latency_ms: 1 + draw.random() } } : {}),
    ...(draw.chance(0.5)
      ? {
          intake: {
            arrivals: {
              canary: { calls: 20, late: draw.whole(0, 3) },
              baseline: { calls: 180, late: draw.whole(0, 9) },
            },
            served: { canary: { model: { [minute < swap ? "a" : "b"]: 20 } }, baseline: { model: { old: 180 } } },
            assigned: { canary: draw.whole(50, 150), baseline: 900, identified: 1000 },
          },
        }
      : {}),
  }));
};

describe("an engine rebuilt from stored ticks", () => {
  test("goes on with bit-identical judgements, wherever it was ended", () => {
    forAll(3, (draw) => {
      const ticks = fullTicks(draw);
      const live = createEngine(migration(RULES));
      const judgements = ticks.map((tick) => live.step(tick));
      const cut = draw.whole(1, MINUTES - 1);
      const rebuilt = createEngine(migration(RULES));
      for (const tick of ticks.slice(0, cut)) rebuilt.replay(JSON.parse(JSON.stringify(tick)));
      expect(rebuilt.lastTick()).toBe(ticks[cut - 1]?.to);
      ticks.slice(cut).forEach((tick, i) => {
        expect(rebuilt.step(tick)).toEqual(judgements[cut + i]);
      });
    });
  });

  test("looking changes nothing: a judgement asked for on every tick or on the last one only is the same", () => {
    forAll(3, (draw) => {
      const ticks = fullTicks(draw);
      const [often, once] = [createEngine(migration(RULES)), createEngine(migration(RULES))];
      for (const tick of ticks.slice(0, -1)) {
        often.step(tick, draw.pick(["full", "outcome"] as const));
        once.replay(tick);
      }
      const last = ticks.at(-1) as Tick;
      expect(often.step(last)).toEqual(once.step(last));
    });
  });
});
