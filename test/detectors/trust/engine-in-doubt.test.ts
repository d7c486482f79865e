import { describe, expect, test } from "vitest";
import type { Arm } from "../../../core/cohort.ts";
import type { Rule } from "../../../core/migration.ts";
import type { Intake, Sample, Tick } from "../../../core/sample.ts";
import type { Judgement, Verdict } from "../../../core/verdict.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { draws, migration, rate, rule, tick, values } from "../tick-builder.ts";

const CALLS: Readonly<Record<Arm, number>> = { canary: 20, baseline: 380 };
const ERROR = rule({ signal: "error", reference: "none" });

const errors = (canary: number, baseline: number): readonly Sample[] => [
  rate("error", "canary", CALLS.canary, canary),
  rate("error", "baseline", CALLS.baseline, baseline),
];

const minute = (at: number, samples: readonly Sample[], intake: Intake = {}, fields: Partial<Tick> = {}): Tick =>
  tick(at, samples, {
    calls: (["canary", "baseline"] as const).map((cohort) => ({ cohort, segment: "", calls: CALLS[cohort] })),
    intake,
    ...fields,
  });

/** The judgements of minutes 0 to `minutes`. */
const detector = (rules: readonly Rule[], minutes: number, of: (at: number) => Tick): readonly Judgement[] => {
  const engine = createEngine(migration(rules));
  return Array.from({ length: minutes }, (_, at) => engine.step(of(at), "outcome"));
};

const late: Intake = { arrivals: { canary: { calls: 20, late: 10 }, baseline: { calls: 380, late: 0 } } };
const misassigned: Intake = { assigned: { canary: 1_000, baseline: 9_000, identified: 10_000 } };
const lossy: Intake = { losses: [{ service: "api", lost: 50, calls: 400 }] };
const servedBy = (canary: string, baseline = "b"): Intake => ({
  served: { canary: { model: { [canary]: 20 } }, baseline: { model: { [baseline]: 380 } } },
});
/** The canary's model is another one from minute 60 on. */
const changing = (at: number): Intake => servedBy(at < 60 ? "m-1" : "m-2");

describe.each([
  ["ingest-lag", () => late],
  ["sample-ratio-mismatch", () => misassigned],
  ["incomplete-spans", () => lossy],
  ["clock-stepped", () => ({ clockStepMs: -600_000 })],
  ["sender-clocks", () => ({ moved: { canary: { calls: 20, skewMs: 12_000_000 } } })],
] as const)("%s", (reason, intake) => {
  test("keeps a healthy canary from being clear, with that reason, and without it the canary is clear", () => {
    const sound = detector([ERROR], 60, (at) => minute(at, errors(0, 3)));
    const doubted = detector([ERROR], 60, (at) => minute(at, errors(0, 3), intake()));
    expect(sound.at(-1)?.verdicts[0]?.outcome).toBe("clear");
    expect(doubted.at(-1)?.verdicts[0]).toMatchObject({ outcome: "undecided", why: reason });
    expect(doubted.at(-1)?.doubts).toMatchObject([{ reason }]);
  });

  test("delays no breach by a tick", () => {
    const breachAt = (of: () => Intake): number =>
      detector([ERROR], 60, (at) => minute(at, errors(6, 3), of())).findIndex(
        ({ verdicts }) => verdicts[0]?.outcome === "breach",
      );
    expect(breachAt(() => ({}))).toBeGreaterThanOrEqual(0);
    expect(breachAt(intake)).toBe(breachAt(() => ({})));
  });

  test("does not hide a reason of the rule's own", () => {
    const tokens = rule({ signal: "tokens_total", limit: 0.2, unit: "relative" });
    expect(detector([tokens], 60, (at) => minute(at, errors(0, 3), intake())).at(-1)?.verdicts[0]).toMatchObject({
      why: "no-data",
    });
  });
});

describe("another model behind the canary's name", () => {
  const verdicts = (of: (at: number) => readonly Sample[], minutes: number): readonly (Verdict | undefined)[] =>
    detector([ERROR], minutes, (at) => minute(at, of(at), changing(at))).map((judgement) => judgement.verdicts[0]);

  test("ends what was clear; the counts begin anew, and are clear again on the new model's calls alone", () => {
    const healthy = verdicts(() => errors(0, 3), 120);
    expect(healthy[59]).toMatchObject({ outcome: "clear", evidence: { n: { canary: 1200 } } });
    const changed = healthy.findIndex(
      (verdict) => verdict?.outcome === "undecided" && verdict.why === "response-model-changed",
    );
    expect(changed).toBe(65);
    expect(healthy[66]).toMatchObject({ outcome: "undecided", evidence: { n: { canary: 20 } } });
    expect(healthy.at(-1)).toMatchObject({ outcome: "clear", evidence: { n: { canary: 54 * 20 } } });
  });

  test("takes nothing of the evidence against the canary away", () => {
    const growing = (at: number): readonly Sample[] => errors(at >= 55 && at < 66 ? 2 : 1, 15);
    const all = verdicts(growing, 70).map((verdict) => verdict?.evidence.logE ?? Number.NaN);
    expect(all[66]).toBeGreaterThan((all[65] ?? 0) - 1);
  });

  test("a model that is bad from its first call on is found soon, although days of health lie behind", () => {
    const long = 3 * 1440;
    const of = (at: number): Tick => minute(at, errors(at < long ? 0 : 3, 3), servedBy(at < long ? "m-1" : "m-2"));
    const first = detector([ERROR], long + 120, of).findIndex(({ verdicts }) => verdicts[0]?.outcome === "breach");
    expect(first).toBeGreaterThan(long);
    expect(first).toBeLessThan(long + 45);
  });
});

test("another model behind the baseline's name: what the baseline was like before is no reference any more", () => {
  const latency = rule({ signal: "latency_ms", quantile: 0.95, unit: "absolute-increase", limit: 200 });
  const random = draws(3);
  const of = (at: number): Tick =>
    minute(
      at,
      [
        values("latency_ms", "canary", random.lognormal(20, 300, 0.4)),
        values("latency_ms", "baseline", random.lognormal(380, at < 60 ? 300 : 900, 0.4)),
      ],
      servedBy("m", at < 60 ? "b-1" : "b-2"),
    );
  const all = detector([latency], 100, of).map(({ verdicts }) => verdicts[0]);
  expect(all[59]?.evidence.limit).toBeLessThan(1_000);
  expect(all[71]).toMatchObject({ outcome: "undecided", why: "response-model-changed" });
  expect(all.at(-1)?.evidence.limit).toBeGreaterThan(1_500);
});

describe("a rule whose detector fails", () => {
  const tokens = rule({ signal: "tokens_total", limit: 0.2, unit: "relative" });
  /** A sample as no store makes it: the judge of its rule throws. */
  const broken = { ...values("tokens_total", "canary", [1]), bins: null } as unknown as Sample;
  const of = (at: number): Tick => minute(at, [...errors(6, 3), ...(at === 3 ? [broken] : [])]);

  test("is undecided from then on and says what happened; the others are judged on", () => {
    const all = detector([tokens, ERROR], 20, of);
    expect(all[2]?.verdicts[0]).toMatchObject({ outcome: "undecided", why: "no-data" });
    expect(all.at(-1)?.verdicts[0]).toMatchObject({
      outcome: "undecided",
      why: "detector-failed",
      detail: "TypeError in the tick that ended at 1970-01-01T00:04:00.000Z",
    });
    expect(all.at(-1)?.verdicts[1]?.outcome).toBe("breach");
  });

  test("fails again in a replay, in the same way", () => {
    const ticks = Array.from({ length: 20 }, (_, at) => of(at));
    const [live, rebuilt] = [createEngine(migration([tokens, ERROR])), createEngine(migration([tokens, ERROR]))];
    const judged = ticks.map((each) => live.step(each));
    for (const each of ticks.slice(0, -1)) rebuilt.replay(structuredClone(each));
    expect(rebuilt.step(structuredClone(ticks[19] as Tick))).toEqual(judged.at(-1));
  });
});

describe("both arms together", () => {
  const cost = rule({ signal: "cost_usd", limit: 0.2, unit: "relative", reference: "projection", projection: 0.004 });
  const relativeCost = rule({ signal: "cost_usd", limit: 0.2, unit: "relative", id: "cost.relative" });
  const p95 = rule({ signal: "latency_ms", quantile: 0.95, limit: 1000, reference: "none" });
  const slower = rule({ signal: "latency_ms", quantile: 0.95, limit: 0.2, unit: "relative", id: "latency.relative" });
  const quality = rule({ signal: "error", limit: 0.02, unit: "points", id: "error.points" });

  /** An incident from minute 60 on, in the arms named. */
  const incident = (arms: readonly Arm[], seed: number) => {
    const random = draws(seed);
    return (at: number): Tick =>
      minute(
        at,
        (["canary", "baseline"] as const).flatMap((arm) => {
          const factor = at >= 60 && arms.includes(arm) ? 3 : 1;
          return [
            values("cost_usd", arm, random.lognormal(CALLS[arm], 0.003 * factor, 0.3)),
            values("latency_ms", arm, random.lognormal(CALLS[arm], 400 * factor, 0.3)),
            rate("error", arm, CALLS[arm], random.events(CALLS[arm], 0.01 * factor ** 2)),
          ];
        }),
      );
  };
  const rules = [cost, relativeCost, p95, slower, quality, ERROR];
  const outcomes = (arms: readonly Arm[], seed: number): readonly (readonly string[])[] =>
    detector(rules, 180, incident(arms, seed)).map(({ verdicts }) =>
      verdicts.map((verdict) => (verdict.outcome === "undecided" ? verdict.why : verdict.outcome)),
    );

  test("an incident of both arms is no rule's breach at any moment; limits that are numbers say that both are ill", () => {
    for (let seed = 1; seed <= 5; seed++) {
      const all = outcomes(["canary", "baseline"], seed);
      expect(all.flat()).not.toContain("breach");
      const last = all.at(-1);
      expect([last?.[0], last?.[2], last?.[5]]).toEqual(Array.from({ length: 3 }, () => "baseline-ill-too"));
    }
  });

  test("the same in the canary alone is every rule's breach", () => {
    const seen = outcomes(["canary"], 1);
    for (const [i] of rules.entries()) expect(seen.some((verdicts) => verdicts[i] === "breach")).toBe(true);
  });

  test("a baseline that is ill alone speaks neither against the canary nor for a page", () => {
    expect(outcomes(["baseline"], 1).flat()).not.toContain("baseline-ill-too");
    expect(outcomes(["baseline"], 1).flat()).not.toContain("breach");
  });

  test("without any baseline a projection is judged all the same", () => {
    const random = draws(1);
    const alone = (at: number): Tick => minute(at, [values("cost_usd", "canary", random.lognormal(20, 0.009, 0.3))]);
    expect(detector([cost], 60, alone).at(-1)?.verdicts[0]?.outcome).toBe("breach");
  });
});
