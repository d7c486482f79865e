import { describe, expect, it } from "vitest";
import type { Sample } from "../../../core/sample.ts";
import { measuredKind, type SignalName, signalOf } from "../../../core/signals.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { migration, rate, tick, values } from "../tick-builder.ts";
import { RULES } from "./generate.ts";
import { JUDGES } from "./judge-world.ts";

/** Nothing in it is a number that is none; infinity is no number either. */
const expectNumbers = (value: unknown): void => {
  if (typeof value === "number") expect(Number.isFinite(value)).toBe(true);
  else if (typeof value === "object" && value !== null) for (const each of Object.values(value)) expectNumbers(each);
};

/** The i-th call of an arm. */
type Nature = (i: number) => number;

const NATURES: Readonly<Record<string, Nature>> = {
  zero: () => 0,
  one: () => 1,
  constant: () => 0.0042,
  negative: () => -3,
  huge: () => 1e15,
  tiny: () => 1e-12,
  two: (i) => 1 + (i % 2),
  "zero or huge": (i) => (i % 50 === 0 ? 1e15 : 0),
  "tiny and huge": (i) => (i % 2 === 0 ? 1e-12 : 1e15),
};

const sampleOf = (signal: SignalName, arm: "canary" | "baseline", n: number, nature: Nature): Sample => {
  const kind = measuredKind(signalOf(signal).kind);
  const numbers = Array.from({ length: n }, (_, i) => nature(i));
  if (kind === "value") return values(signal, arm, numbers);
  const shares = numbers.map((number) => Math.min(1, Math.max(0, number)));
  if (kind === "rate") return rate(signal, arm, n, shares.filter((share) => share > 0.5).length);
  const bins: Record<string, number> = {};
  for (const share of shares) bins[Math.round(100 * share)] = (bins[Math.round(100 * share)] ?? 0) + 1;
  return { signal, cohort: arm, segment: "", n, sum: shares.reduce((a, b) => a + b, 0), bins };
};

/** Calls of a tick in each arm: as usual, one call only, none of one arm, none at all. */
const SIZES = [
  [20, 380],
  [1, 1],
  [0, 20],
  [20, 0],
  [0, 0],
] as const;

const rules = [...RULES.filter(({ signal }) => signal !== "output_shape"), ...JUDGES.map((judge) => judge.rule)];

const pairs = Object.entries(NATURES).flatMap(([canary, ofCanary]) =>
  Object.entries(NATURES).map(([baseline, ofBaseline]) => [canary, baseline, ofCanary, ofBaseline] as const),
);

describe("no number of a judgement is ever none", () => {
  it.each(pairs)("canary %s, baseline %s, of every kind of rule", (_canary, _baseline, ofCanary, ofBaseline) => {
    const engine = createEngine(migration(rules.map((rule, i) => ({ ...rule, id: `${i}`, by: null }))));
    const signals = [...new Set(rules.map(({ signal }) => signal as SignalName))];
    engine.learn(
      tick(
        -1,
        signals.map((signal) => sampleOf(signal, "baseline", 2500, ofBaseline)),
      ),
    );
    let minute = 0;
    for (const [canary, baseline] of SIZES) {
      for (let i = 0; i < 2; i++) {
        const samples = signals.flatMap((signal) => [
          sampleOf(signal, "canary", canary, ofCanary),
          sampleOf(signal, "baseline", baseline, ofBaseline),
        ]);
        const judged = engine.step(
          tick(minute++, samples, { designEffects: i === 1 ? { error: 1.5, cost_usd: 3 } : {} }),
        );
        expectNumbers(judged.verdicts);
        expect(
          judged.verdicts.filter((verdict) => verdict.outcome === "undecided" && verdict.why === "detector-failed"),
        ).toEqual([]);
      }
    }
  });

  it.each(pairs.filter(([canary, baseline]) => canary === baseline))(
    "and equal arms break nothing that is compared: %s",
    (_canary, _baseline, nature) => {
      const compared = rules.filter(({ reference }) => reference === "baseline");
      const engine = createEngine(migration(compared.map((rule, i) => ({ ...rule, id: `${i}`, by: null }))));
      const signals = [...new Set(compared.map(({ signal }) => signal as SignalName))];
      for (let minute = 0; minute < 15; minute++) {
        const samples = signals.flatMap((signal) => [
          sampleOf(signal, "canary", 100, nature),
          sampleOf(signal, "baseline", 300, nature),
        ]);
        const { verdicts } = engine.step(tick(minute, samples, { share: 0.25 }));
        expect(verdicts.filter(({ outcome }) => outcome === "breach")).toEqual([]);
      }
    },
  );
});
