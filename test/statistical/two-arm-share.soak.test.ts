import { describe, expect, test } from "vitest";
import type { Rule } from "../../core/migration.ts";
import { createEngine } from "../../detectors/engine.ts";
import { draws, migration, rate, rule, tick, values } from "../detectors/tick-builder.ts";

// Whatever share of the calls the canary really has, equal arms must not look different. Configured everywhere: 5%.
const RUNS = 30;
const MINUTES = 600;

const breaches = (
  tested: Rule,
  samplesOf: (random: ReturnType<typeof draws>, minute: number) => Parameters<typeof tick>[1],
): number => {
  let breached = 0;
  for (let seed = 1; seed <= RUNS; seed++) {
    const engine = createEngine(migration([tested]));
    const random = draws(seed);
    for (let minute = 0; minute < MINUTES; minute++) {
      const { verdicts } = engine.step(tick(minute, samplesOf(random, minute)), "outcome");
      if (verdicts[0]?.outcome !== "breach") continue;
      breached++;
      break;
    }
  }
  return breached;
};

/** Calls per minute and arm; the share wanders with the hour, as with sticky users who come and go. */
const wandering = (minute: number): readonly [canary: number, baseline: number] => {
  const canary = 10 + (Math.floor(minute / 60) % 5) * 15;
  return [canary, 200 - canary];
};

describe("a canary share that is not the configured one", () => {
  test("does not breach a points rule whose limit is exactly reached", () => {
    const points = rule({ signal: "refusal", unit: "points" });
    const count = breaches(points, (random, minute) => {
      const [c, b] = wandering(minute);
      return [
        rate("refusal", "canary", c, random.events(c, 0.08)),
        rate("refusal", "baseline", b, random.events(b, 0.03)),
      ];
    });
    expect(count).toBeLessThanOrEqual(1);
  });

  test("does not breach a ratio rule between equal arms", () => {
    const ratio = rule({ signal: "support_tickets", unit: "relative", limit: 0 });
    const count = breaches(ratio, (random, minute) => {
      const [c, b] = wandering(minute);
      return [
        rate("support_tickets", "canary", c, random.events(c, 0.2)),
        rate("support_tickets", "baseline", b, random.events(b, 0.2)),
      ];
    });
    expect(count).toBeLessThanOrEqual(1);
  });

  test("does not breach a rule on a mean whose limit is exactly reached", () => {
    const tokens = rule({ signal: "tokens_total", unit: "relative", limit: 0.2 });
    const count = breaches(tokens, (random, minute) => {
      const [c, b] = wandering(minute);
      return [
        values("tokens_total", "canary", random.lognormal(c, 480, 0.5)),
        values("tokens_total", "baseline", random.lognormal(b, 400, 0.5)),
      ];
    });
    expect(count).toBeLessThanOrEqual(1);
  });

  test("does not breach a latency rule between equal arms", () => {
    const tail = rule({ signal: "latency_ms", quantile: 0.95, unit: "absolute-increase", limit: 0 });
    const count = breaches(tail, (random, minute) => {
      const [c, b] = wandering(minute);
      return [
        values("latency_ms", "canary", random.lognormal(c, 400, 0.5)),
        values("latency_ms", "baseline", random.lognormal(b, 400, 0.5)),
      ];
    });
    expect(count).toBeLessThanOrEqual(1);
  });

  test("one large first tick with a third of the calls on the canary and no event anywhere is no difference", () => {
    for (const unit of ["points", "relative"] as const) {
      const engine = createEngine(migration([rule({ signal: "refusal", unit, direction: "either" })]));
      const quiet = [rate("refusal", "canary", 1000, 0), rate("refusal", "baseline", 2000, 0)];
      for (let minute = 0; minute < 5; minute++) {
        expect(engine.step(tick(minute, quiet)).verdicts[0]?.outcome).not.toBe("breach");
      }
    }
  });
});

test("ticks of a second, most of them without a canary call, detect about as fast as minutes", () => {
  const error = rule({ signal: "error" });
  const callsToBreach = (seconds: number, seed: number): number => {
    const engine = createEngine(migration([error]));
    const random = draws(seed);
    let calls = 0;
    for (let step = 0; step < 20_000; step++) {
      const canary = random.events(seconds * 2, 0.17);
      const baseline = seconds * 6;
      calls += canary;
      const samples = [
        rate("error", "canary", canary, random.events(canary, 0.15)),
        rate("error", "baseline", baseline, random.events(baseline, 0.01)),
      ];
      const moment = { from: step * seconds * 1000, to: (step + 1) * seconds * 1000 };
      if (engine.step(tick(0, samples, moment), "outcome").verdicts[0]?.outcome === "breach") return calls;
    }
    return Number.POSITIVE_INFINITY;
  };
  const median = (seconds: number): number =>
    Array.from({ length: 41 }, (_, i) => callsToBreach(seconds, i + 1)).sort((a, b) => a - b)[20] ?? Number.NaN;
  expect(median(1)).toBeLessThanOrEqual(1.25 * median(60));
});
