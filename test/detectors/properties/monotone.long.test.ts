import { describe, expect, test } from "vitest";
import type { Sample, Tick } from "../../../core/sample.ts";
import type { Evidence } from "../../../core/verdict.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { migration, rate, rule } from "../tick-builder.ts";
import { anyTick, anyTicks, forAll, HEALTHY, RULES } from "./generate.ts";

const evidenceOf = (rules: Parameters<typeof migration>[0], ticks: readonly Tick[]): readonly Evidence[] => {
  const engine = createEngine(migration(rules));
  return (
    ticks
      .map((tick) => engine.step(tick, "outcome"))
      .at(-1)
      ?.verdicts.map(({ evidence }) => evidence) ?? []
  );
};

const ERROR = [rule({ signal: "error" })];

const withEvents = (ticks: readonly Tick[], at: number, cohort: Sample["cohort"], more: number): readonly Tick[] =>
  ticks.map((tick, i) => ({
    ...tick,
    samples: tick.samples.map((sample) =>
      i === at && sample.cohort === cohort && sample.segment === "" && sample.signal === "error"
        ? { ...sample, sum: Math.min(sample.n, sample.sum + more) }
        : sample,
    ),
  }));

const errorTicks = (ticks: readonly Tick[]): readonly Tick[] =>
  ticks.map((tick) => ({
    ...tick,
    samples: tick.samples.filter(({ signal, segment }) => signal === "error" && segment === ""),
  }));

describe("the error rule is monotone in the data", () => {
  test("one more failed canary call never lowers the evidence of a breach, nor raises that of a pass", () => {
    forAll(60, (draw) => {
      const p = draw.random() * 0.2;
      const ticks = errorTicks(
        Array.from({ length: draw.whole(1, 90) }, (_, minute) =>
          anyTick(draw, minute, { ...HEALTHY, canary: { ...HEALTHY.canary, rates: { error: p } } }),
        ),
      );
      const [before] = evidenceOf(ERROR, ticks);
      const [after] = evidenceOf(ERROR, withEvents(ticks, draw.whole(0, ticks.length - 1), "canary", draw.whole(1, 5)));
      expect(after?.logE).toBeGreaterThanOrEqual((before?.logE ?? 0) - 1e-9);
      expect(after?.logEPass).toBeLessThanOrEqual((before?.logEPass ?? 0) + 1e-9);
    });
  });

  test("one more failed baseline call never raises the evidence of a breach", () => {
    forAll(60, (draw) => {
      const ticks = errorTicks(
        anyTicks(draw, draw.whole(1, 90), () => ({ ...HEALTHY, canary: { ...HEALTHY.canary, rates: { error: 0.1 } } })),
      );
      const [before] = evidenceOf(ERROR, ticks);
      const [after] = evidenceOf(
        ERROR,
        withEvents(ticks, draw.whole(0, ticks.length - 1), "baseline", draw.whole(1, 9)),
      );
      expect(after?.logE).toBeLessThanOrEqual((before?.logE ?? 0) + 1e-9);
    });
  });

  test("a larger design effect never raises the size of the evidence on calls that all fail", () => {
    forAll(50, (draw) => {
      const one = draw.whole(1, 4);
      const ticks = (effect: number): readonly Tick[] => [
        {
          ...anyTick(draw, 0),
          designEffects: { error: effect },
          samples: [rate("error", "canary", 40, 40), rate("error", "baseline", 400, 4)],
        },
      ];
      const [small] = evidenceOf(ERROR, ticks(one));
      const [large] = evidenceOf(ERROR, ticks(one + draw.random() * 10));
      expect(large?.logE).toBeLessThanOrEqual((small?.logE ?? 0) + 1e-9);
    });
  });
});

/** The same calls with every event renamed to its opposite: failures of what succeeded. */
const mirrored = (ticks: readonly Tick[], signal: Sample["signal"]): readonly Tick[] =>
  ticks.map((tick) => ({
    ...tick,
    samples: tick.samples.map((sample) =>
      sample.signal === signal ? { ...sample, sum: sample.n - sample.sum } : sample,
    ),
  }));

const renamedSegments = (tick: Tick, names: Readonly<Record<string, string>>): Tick => ({
  ...tick,
  samples: tick.samples.map((sample) => ({ ...sample, segment: names[sample.segment] ?? sample.segment })),
});

describe("names do not matter", () => {
  test.each([
    ["points", { unit: "points", limit: 0.05, reference: "baseline" }],
    ["absolute", { unit: "absolute", limit: 0.05, reference: "none" }],
  ] as const)(
    "a rate that may not rise and its opposite that may not drop have the same evidence (%s)",
    (_name, form) => {
      forAll(8, (draw) => {
        const p = 0.03 + 0.1 * draw.random();
        const ticks = anyTicks(draw, 60, () => ({ ...HEALTHY, canary: { ...HEALTHY.canary, rates: { refusal: p } } }));
        const up = rule({ id: "up", signal: "refusal", direction: "increase", ...form });
        const down = rule({
          ...up,
          id: "down",
          direction: "drop",
          limit: form.unit === "absolute" ? 1 - form.limit : form.limit,
        });
        const [a] = evidenceOf([up], ticks);
        const [b] = evidenceOf([down], mirrored(ticks, "refusal"));
        expect(b?.logE).toBeCloseTo(a?.logE ?? Number.NaN, 6);
        expect(b?.logEPass).toBeCloseTo(a?.logEPass ?? Number.NaN, 6);
      });
    },
  );

  test("a rule in either direction has the same evidence for an event and for its opposite", () => {
    forAll(8, (draw) => {
      const ticks = anyTicks(draw, 60, () => ({
        ...HEALTHY,
        canary: { ...HEALTHY.canary, rates: { refusal: 0.2 * draw.random() } },
      }));
      const either = [rule({ signal: "refusal", unit: "points", direction: "either" })];
      const [a] = evidenceOf(either, ticks);
      const [b] = evidenceOf(either, mirrored(ticks, "refusal"));
      expect(b?.logE).toBeCloseTo(a?.logE ?? Number.NaN, 6);
      expect(b?.logEPass).toBeCloseTo(a?.logEPass ?? Number.NaN, 6);
    });
  });

  test("segments under other names, and samples in another order, have the same evidence", () => {
    forAll(4, (draw) => {
      const ticks = anyTicks(draw, 70);
      const names = { "input_type=billing": "input_type=zebra", "input_type=faq": "input_type=aardvark" };
      const shuffled = ticks.map((tick) => {
        const order = tick.samples.map((sample) => [draw.random(), sample] as const).sort(([a], [b]) => a - b);
        return renamedSegments({ ...tick, samples: order.map(([, sample]) => sample) }, names);
      });
      const [a, b] = [evidenceOf(RULES, ticks), evidenceOf(RULES, shuffled)];
      a.forEach((evidence, i) => {
        expect(b[i]?.logE).toBeCloseTo(evidence.logE, 6);
        expect(b[i]?.logEPass).toBeCloseTo(evidence.logEPass, 6);
        expect(b[i]?.n).toEqual(evidence.n);
      });
    });
  });
});
