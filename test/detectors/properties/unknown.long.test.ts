import { describe, expect, test } from "vitest";
import type { Arm } from "../../../core/cohort.ts";
import type { Rule } from "../../../core/migration.ts";
import type { Tick } from "../../../core/sample.ts";
import type { Verdict } from "../../../core/verdict.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { migration } from "../tick-builder.ts";
import { type ArmTraffic, anyTicks, type Draw, forAll, HEALTHY, RULES } from "./generate.ts";

/** The output shape has a test of its own: it costs more than all others together. */
const PLAIN = RULES.filter(({ signal }) => signal !== "output_shape");
const SHAPE = RULES.filter(({ signal }) => signal === "output_shape");

const verdictsOf = (ticks: readonly Tick[], rules: readonly Rule[] = PLAIN): readonly Verdict[] => {
  const engine = createEngine(migration(rules));
  for (const tick of ticks.slice(0, -1)) engine.replay(tick);
  const last = ticks.at(-1);
  return last === undefined ? [] : engine.step(last, "outcome").verdicts;
};

/** Traffic with some rates and medians moved, so that some rules are clear, some breached, some neither. */
const anyTraffic = (draw: Draw): Readonly<Record<Arm, ArmTraffic>> => {
  const moved = (of: ArmTraffic["rates"], by: number): ArmTraffic["rates"] =>
    Object.fromEntries(Object.entries(of).map(([name, x]) => [name, draw.chance(0.25) ? x * by : x]));
  const { calls, rates, medians } = HEALTHY.canary;
  return {
    ...HEALTHY,
    canary: { calls, rates: moved(rates, 1 + draw.random()), medians: moved(medians, 1 + 0.5 * draw.random()) },
  };
};

const without = (ticks: readonly Tick[], isGone: (sample: Tick["samples"][number]) => boolean): readonly Tick[] =>
  ticks.map((tick) => ({ ...tick, samples: tick.samples.filter((sample) => !isGone(sample)) }));

const SIGNALS = [...new Set(PLAIN.map(({ signal }) => signal))];

describe("what is unknown", () => {
  test("makes no rule clear and none a breach: a signal nobody sends leaves its rules without data", {
    tags: ["soak"],
  }, () => {
    let wereClear = 0;
    forAll(3, (draw) => {
      const traffic = anyTraffic(draw);
      const ticks = anyTicks(draw, 150, () => traffic);
      const before = verdictsOf(ticks);
      wereClear += before.filter(({ outcome }) => outcome === "clear").length;
      for (const signal of SIGNALS) {
        const after = verdictsOf(without(ticks, (sample) => sample.signal === signal));
        PLAIN.forEach((rule, i) => {
          if (rule.signal === signal) expect(after[i]).toMatchObject({ outcome: "undecided", why: "no-data" });
          else expect(after[i]).toEqual(before[i]);
        });
      }
    });
    expect(wereClear).toBeGreaterThan(3);
  });

  test("in one arm only makes no rule clear that was not, and no rule a breach that compares the arms", () => {
    forAll(3, (draw) => {
      const traffic = anyTraffic(draw);
      const ticks = anyTicks(draw, 150, () => traffic);
      const before = verdictsOf(ticks);
      for (const arm of ["canary", "baseline"] as const) {
        const after = verdictsOf(without(ticks, ({ cohort }) => cohort === arm));
        PLAIN.forEach((rule, i) => {
          const [was, is] = [before[i]?.outcome, after[i]?.outcome];
          if (was !== "clear") expect(is).not.toBe("clear");
          // That a limit is kept can be proven without a baseline.
          const needsBoth = rule.unit !== "absolute" && rule.reference === "baseline";
          if (arm === "canary" || needsBoth) expect(is).toBe("undecided");
        });
      }
    });
  });

  test("of the canary's output from some moment on keeps the output shape from being clear", { tags: ["soak"] }, () => {
    forAll(2, (draw) => {
      const ticks = anyTicks(draw, 200);
      const names = ["output_chars", "code_fence"];
      const blind = without(ticks, ({ cohort, signal }) => cohort === "canary" && names.includes(signal));
      expect(verdictsOf(blind, SHAPE)[0]?.outcome).toBe("undecided");
    });
  });

  test("is not a healthy call: minutes without any call change no evidence", { tags: ["soak"] }, () => {
    forAll(3, (draw) => {
      const traffic = anyTraffic(draw);
      const ticks = anyTicks(draw, 50, () => traffic);
      const last = ticks.at(-1) as Tick;
      const quiet = { ...last, from: last.to, to: last.to + 60_000, samples: [], calls: [] };
      const engine = createEngine(migration(PLAIN));
      const loud = ticks.map((tick) => engine.step(tick, "outcome")).at(-1);
      const silent = engine.step(quiet, "outcome");
      expect(silent.verdicts.map(({ evidence }) => [evidence.logE, evidence.logEPass, evidence.n])).toEqual(
        loud?.verdicts.map(({ evidence }) => [evidence.logE, evidence.logEPass, evidence.n]),
      );
    });
  });
});
