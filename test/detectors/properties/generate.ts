import type { Arm } from "../../../core/cohort.ts";
import type { Rule, Severity } from "../../../core/migration.ts";
import type { Sample, Tick } from "../../../core/sample.ts";
import { binomialFrom, normalFrom, seededRandom } from "../../../core/seeded-random.ts";
import type { CatalogueSignal, SignalName } from "../../../core/signals.ts";
import { UNDECIDED_REASONS } from "../../../core/undecided-reasons.ts";
import type { Judgement, UndecidedReason, Verdict } from "../../../core/verdict.ts";
import { anEvidence } from "../../fixtures/an-evidence.ts";
import { rate, rule, tick, values } from "../tick-builder.ts";

/** Seeded draws of the properties' cases. */
export interface Draw {
  readonly random: () => number;
  readonly chance: (p: number) => boolean;
  /** A whole number from `least` to `most`. */
  readonly whole: (least: number, most: number) => number;
  readonly pick: <T>(from: readonly T[]) => T;
}

/** The draws of one seed. */
export const drawFrom = (seed: number): Draw => {
  const random = seededRandom(seed);
  const whole = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1));
  return {
    random,
    chance: (p) => random() < p,
    whole,
    pick: <T>(from: readonly T[]): T => from[whole(0, from.length - 1)] as T,
  };
};

/** Runs `check` on as many seeded cases; a failure names its seed. */
export const forAll = (cases: number, check: (draw: Draw, seed: number) => void): void => {
  for (let seed = 1; seed <= cases; seed++) {
    try {
      check(drawFrom(seed), seed);
    } catch (error) {
      throw new Error(`seed ${seed} of ${cases}`, { cause: error });
    }
  }
};

const REASONS = Object.keys(UNDECIDED_REASONS) as UndecidedReason[];

/** Any verdict of a rule. */
export const anyVerdict = (draw: Draw, name: string, severity: Severity): Verdict => {
  const evidence = anEvidence({ logE: draw.random() * 20 - 5, threshold: draw.random() * 8 });
  const base = { rule: name, severity, evidence };
  const outcome = draw.pick(["breach", "clear", "undecided"] as const);
  return outcome === "undecided" ? { ...base, outcome, why: draw.pick(REASONS) } : { ...base, outcome };
};

/** Any judgement of these rules. */
export const anyJudgement = (draw: Draw, rules: readonly Rule[], stages: number): Judgement => ({
  migration: "simulated",
  at: draw.whole(0, 1e9),
  stage: draw.whole(0, stages),
  verdicts: rules.map(({ id, severity }) => anyVerdict(draw, id, severity)),
  ...(draw.chance(0.3) ? { doubts: [{ reason: "ingest-lag", detail: "late", since: 0 }] as const } : {}),
});

const relative = { unit: "relative", reference: "baseline" } as const;

/** A rule of every kind there is. */
export const RULES: readonly Rule[] = [
  rule({ id: "error", signal: "error" }),
  rule({ id: "refusal", signal: "refusal", unit: "points", direction: "either", severity: "pause" }),
  rule({ id: "refusal.by", signal: "refusal", unit: "points", by: "input_type", severity: "pause" }),
  rule({ id: "tools", signal: "tool_call_valid", limit: 0.1, direction: "drop", ...relative }),
  rule({ id: "tickets", signal: "support_tickets", limit: 0.15, ...relative, severity: "pause" }),
  rule({ id: "p99", signal: "latency_ms", quantile: 0.99, limit: 200, unit: "absolute-increase" }),
  rule({ id: "p95", signal: "latency_ms", quantile: 0.95, limit: 2000, reference: "none" }),
  rule({ id: "tokens", signal: "tokens_total", limit: 0.2, ...relative, severity: "pause" }),
  rule({ id: "cost", signal: "cost_usd", limit: 0.2, unit: "relative", reference: "projection", projection: 0.004 }),
  rule({ id: "shape", signal: "output_shape", limit: null, unit: null, severity: "pause" }),
];

/** How the calls of one arm are: rates and medians. */
export interface ArmTraffic {
  readonly calls: number;
  readonly rates: Readonly<Partial<Record<CatalogueSignal, number>>>;
  readonly medians: Readonly<Partial<Record<CatalogueSignal, number>>>;
}

/** Traffic on which the rules of RULES are respected, as a rule. */
export const HEALTHY: Readonly<Record<Arm, ArmTraffic>> = {
  canary: {
    calls: 20,
    rates: { error: 0.01, refusal: 0.03, tool_call_valid: 0.98, support_tickets: 0.02, code_fence: 0.1 },
    medians: { latency_ms: 300, tokens_total: 600, cost_usd: 0.003, output_chars: 400 },
  },
  baseline: {
    calls: 180,
    rates: { error: 0.01, refusal: 0.03, tool_call_valid: 0.98, support_tickets: 0.02, code_fence: 0.1 },
    medians: { latency_ms: 300, tokens_total: 600, cost_usd: 0.003, output_chars: 400 },
  },
};

const samplesOf = (
  { random }: Draw,
  cohort: Arm,
  { calls, rates, medians }: ArmTraffic,
  segment: string,
): readonly Sample[] => [
  ...Object.entries(rates).map(([signal, p]) =>
    rate(signal as SignalName, cohort, calls, binomialFrom(random, calls, p), segment),
  ),
  ...Object.entries(medians).map(([signal, median]) =>
    values(
      signal as SignalName,
      cohort,
      Array.from({ length: calls }, () => median * Math.exp(0.5 * normalFrom(random))),
      segment,
    ),
  ),
];

/** Segments of the generated ticks. */
export const SEGMENTS = ["", "input_type=billing", "input_type=faq"] as const;

/** One minute of traffic, in every segment; `fields` replace parts of the tick. */
export const anyTick = (
  draw: Draw,
  minute: number,
  traffic: Readonly<Record<Arm, ArmTraffic>> = HEALTHY,
  fields: Partial<Tick> = {},
): Tick =>
  tick(
    minute,
    SEGMENTS.flatMap((segment) =>
      (["canary", "baseline"] as const).flatMap((cohort) => samplesOf(draw, cohort, traffic[cohort], segment)),
    ),
    {
      share: 0.1,
      calls: (["canary", "baseline"] as const).map((cohort) => ({ cohort, segment: "", calls: traffic[cohort].calls })),
      ...fields,
    },
  );

/** As many minutes of it, one after the other. */
export const anyTicks = (
  draw: Draw,
  minutes: number,
  of: (minute: number) => Readonly<Record<Arm, ArmTraffic>> = () => HEALTHY,
): readonly Tick[] => Array.from({ length: minutes }, (_, minute) => anyTick(draw, minute, of(minute)));

/** The ticks added up, `size` at a time, as if they had been cut so. */
export const merged = (ticks: readonly Tick[], size: number): readonly Tick[] => {
  const groups = Array.from({ length: Math.ceil(ticks.length / size) }, (_, i) =>
    ticks.slice(i * size, (i + 1) * size),
  );
  return groups.map((group) => {
    const [first, last] = [group[0] as Tick, group.at(-1) as Tick];
    const sums = new Map<string, Sample>();
    for (const sample of group.flatMap(({ samples }) => samples)) {
      const key = JSON.stringify([sample.segment, sample.signal, sample.cohort]);
      const before = sums.get(key);
      const bins: Record<string, number> = { ...before?.bins };
      for (const [bin, count] of Object.entries(sample.bins)) bins[bin] = (bins[bin] ?? 0) + count;
      sums.set(key, { ...sample, n: sample.n + (before?.n ?? 0), sum: sample.sum + (before?.sum ?? 0), bins });
    }
    return { ...first, to: last.to, samples: [...sums.values()] };
  });
};
