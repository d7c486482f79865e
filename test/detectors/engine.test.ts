import { describe, expect, test } from "vitest";
import type { Rule } from "../../core/migration.ts";
import type { Sample, Tick } from "../../core/sample.ts";
import type { Verdict } from "../../core/verdict.ts";
import { createEngine } from "../../detectors/engine.ts";
import { draws, migration, rate, rule, tick, values } from "./tick-builder.ts";

const CANARY = 20;
const BASELINE = 380;

type Draws = ReturnType<typeof draws>;
type Scenario = (random: Draws, minute: number) => readonly Sample[];

const rates =
  (signal: "error" | "refusal" | "tool_call_valid" | "support_tickets", canary: number, baseline: number): Scenario =>
  (random) => [
    rate(signal, "canary", CANARY, random.events(CANARY, canary)),
    rate(signal, "baseline", BASELINE, random.events(BASELINE, baseline)),
  ];

const lognormal =
  (
    signal: "latency_ms" | "tokens_total" | "cost_usd" | "output_chars",
    canary: number,
    baseline: number,
    sd = 0.5,
  ): Scenario =>
  (random) => [
    values(signal, "canary", random.lognormal(CANARY, canary, sd)),
    values(signal, "baseline", random.lognormal(BASELINE, baseline, sd)),
  ];

const run = (rules: readonly Rule[], scenario: Scenario, minutes: number, seed = 1): readonly Verdict[] => {
  const engine = createEngine(migration(rules));
  const random = draws(seed);
  let verdicts: readonly Verdict[] = [];
  for (let minute = 0; minute < minutes; minute++) {
    verdicts = engine.step(tick(minute, scenario(random, minute)), "outcome").verdicts;
    if (verdicts.some((verdict) => verdict.outcome === "breach")) break;
  }
  return verdicts;
};

const relative = { unit: "relative", reference: "baseline" } as const;
const cases: readonly {
  readonly name: string;
  readonly rule: Rule;
  readonly bad: Scenario;
  readonly good: Scenario;
}[] = [
  {
    name: "error rate, absolute",
    rule: rule({ signal: "error" }),
    bad: rates("error", 0.15, 0.01),
    good: rates("error", 0.01, 0.01),
  },
  {
    name: "refusals up, points",
    rule: rule({ signal: "refusal", unit: "points" }),
    bad: rates("refusal", 0.2, 0.03),
    good: rates("refusal", 0.03, 0.03),
  },
  {
    name: "refusals down, points, either",
    rule: rule({ signal: "refusal", unit: "points", direction: "either" }),
    bad: rates("refusal", 0.02, 0.2),
    good: rates("refusal", 0.2, 0.2),
  },
  {
    name: "tool calls, relative drop",
    rule: rule({ signal: "tool_call_valid", limit: 0.1, direction: "drop", ...relative }),
    bad: rates("tool_call_valid", 0.7, 0.98),
    good: rates("tool_call_valid", 0.98, 0.98),
  },
  {
    name: "tickets, relative increase",
    rule: rule({ signal: "support_tickets", limit: 0.15, ...relative }),
    bad: rates("support_tickets", 0.5, 0.25),
    good: rates("support_tickets", 0.25, 0.25),
  },
  {
    name: "p99 latency, 200 ms",
    rule: rule({ signal: "latency_ms", quantile: 0.99, limit: 200, unit: "absolute-increase" }),
    bad: lognormal("latency_ms", 900, 300),
    good: lognormal("latency_ms", 300, 300),
  },
  {
    name: "p99 latency, 40%",
    rule: rule({ signal: "latency_ms", quantile: 0.99, limit: 0.4, ...relative }),
    bad: lognormal("latency_ms", 900, 300),
    good: lognormal("latency_ms", 300, 300),
  },
  {
    name: "median latency, 100 ms",
    rule: rule({ signal: "latency_ms", quantile: 0.5, limit: 100, unit: "absolute-increase" }),
    bad: lognormal("latency_ms", 600, 300),
    good: lognormal("latency_ms", 300, 300),
  },
  {
    name: "p95 latency, absolute",
    rule: rule({ signal: "latency_ms", quantile: 0.95, limit: 1000, reference: "none" }),
    bad: lognormal("latency_ms", 900, 300),
    good: lognormal("latency_ms", 300, 300),
  },
  {
    name: "tokens, 20%",
    rule: rule({ signal: "tokens_total", limit: 0.2, ...relative }),
    bad: lognormal("tokens_total", 900, 600),
    good: lognormal("tokens_total", 600, 600),
  },
  {
    name: "cost against its projection",
    rule: rule({ signal: "cost_usd", limit: 0.2, unit: "relative", reference: "projection", projection: 0.004 }),
    bad: lognormal("cost_usd", 0.006, 0.003),
    good: lognormal("cost_usd", 0.003, 0.003),
  },
];

describe.each(cases)("$name", ({ rule: tested, bad, good }) => {
  test("a canary far beyond the limit is a breach", () => {
    expect(run([tested], bad, 600)[0]?.outcome).toBe("breach");
  });

  test("equal arms are clear in a day, in two seeds, and never a breach", () => {
    for (let seed = 1; seed <= 2; seed++) expect(run([tested], good, 24 * 60, seed)[0]?.outcome).toBe("clear");
  });

  test("no data is undecided, never clear", () => {
    expect(run([tested], () => [], 300)[0]).toMatchObject({ outcome: "undecided", why: "no-data" });
  });
});

describe("output shape", () => {
  const shape = rule({ signal: "output_shape", limit: null, unit: null, severity: "pause" });
  const outputs =
    (shift: number, fence: number): Scenario =>
    (random) => [
      ...lognormal("output_chars", 400 * shift, 400)(random, 0),
      rate("code_fence", "canary", CANARY, random.events(CANARY, fence)),
      rate("code_fence", "baseline", BASELINE, random.events(BASELINE, 0.1)),
    ];

  test("longer answers and more fences are a breach; the strongest feature is named", () => {
    const [verdict] = run([shape], outputs(1, 0.9), 24 * 60);
    expect(verdict).toMatchObject({ outcome: "breach", evidence: { method: "arm-label (code_fence)" } });
  });

  test("equal outputs become clear and are never a breach", () => {
    expect(run([shape], outputs(1, 0.1), 3 * 24 * 60)[0]?.outcome).toBe("clear");
  });

  test("a canary share twice the configured one is not mistaken for another distribution", () => {
    const sticky: Scenario = (random) => [
      values("output_chars", "canary", random.lognormal(40, 400, 0.5)),
      values("output_chars", "baseline", random.lognormal(360, 400, 0.5)),
    ];
    expect(run([shape], sticky, 600)[0]?.outcome).not.toBe("breach");
  });
});

describe("segments", () => {
  const inSegments =
    (bad: string): Scenario =>
    (random) =>
      ["input_type=billing", "input_type=faq", "input_type=howto"].flatMap((segment) => [
        rate("refusal", "canary", CANARY, random.events(CANARY, segment === bad ? 0.4 : 0.03), segment),
        rate("refusal", "baseline", BASELINE, random.events(BASELINE, 0.03), segment),
      ]);
  const byType = rule({ signal: "refusal", unit: "points", by: "input_type" });

  test("a shift in one input type of three is a breach and names the segment", () => {
    const [verdict] = run([byType], inSegments("input_type=faq"), 600);
    expect(verdict).toMatchObject({ outcome: "breach", evidence: { segment: "input_type=faq" } });
  });

  test("a projection is about all calls: a segment that costs more in both arms is no breach", () => {
    const projected = rule({
      signal: "cost_usd",
      limit: 0.2,
      unit: "relative",
      reference: "projection",
      projection: 0.004,
    });
    const costs: Scenario = (random) =>
      (["canary", "baseline"] as const).flatMap((cohort) => {
        const n = cohort === "canary" ? CANARY : BASELINE;
        const [all, dear] = [random.lognormal(n, 0.003, 0.5), random.lognormal(n / 4, 0.008, 0.5)];
        return [values("cost_usd", cohort, all), values("cost_usd", cohort, dear, "input_type=legal")];
      });
    expect(run([projected], costs, 600)[0]?.outcome).toBe("clear");
  });

  test("calls without that segment leave the rule without data", () => {
    expect(run([byType], rates("refusal", 0.5, 0.03), 60)[0]).toMatchObject({ why: "no-data" });
  });
});

describe("a projection is the candidate's own", () => {
  const projected = rule({
    signal: "cost_usd",
    limit: 0.2,
    unit: "relative",
    reference: "projection",
    projection: 0.004,
  });

  test("a candidate that is dearer than projected is a breach, however dear the baseline is", () => {
    const [early, late] = [60, 900].map((minutes) => run([projected], lognormal("cost_usd", 0.006, 0.009), minutes)[0]);
    expect([early?.outcome, late?.outcome]).toEqual(["breach", "breach"]);
  });

  test("what makes both arms dearer by the same is nobody's fault: people are paged, nothing is rolled back", () => {
    const incident: Scenario = (random, minute) =>
      lognormal("cost_usd", minute < 1000 ? 0.0035 : 0.0063, minute < 1000 ? 0.007 : 0.0126)(random, minute);
    expect(run([projected], incident, 2500)[0]).toMatchObject({ outcome: "undecided", why: "baseline-ill-too" });
  });

  test("a candidate that becomes dearer on its own after that is a breach", () => {
    const own: Scenario = (random, minute) =>
      lognormal("cost_usd", minute < 1000 ? 0.0035 : 0.0063, 0.007)(random, minute);
    expect(run([projected], own, 1500)[0]?.outcome).toBe("breach");
  });
});

describe("undecided says why", () => {
  const latency = rule({ signal: "latency_ms", quantile: 0.99, limit: 200, unit: "absolute-increase" });

  test("a baseline of less than 2000 calls is warming up", () => {
    expect(run([latency], lognormal("latency_ms", 2000, 300), 5)[0]).toMatchObject({ why: "baseline-warming-up" });
  });

  test("a median is placed long before a p99", () => {
    const median = rule({ signal: "latency_ms", quantile: 0.5, limit: 200, unit: "absolute-increase" });
    expect(run([median], lognormal("latency_ms", 300, 300), 4)[0]).toMatchObject({ why: "too-few" });
  });

  test("both arms beyond the limit: the baseline is ill too", () => {
    const [verdict] = run([rule({ signal: "error" })], rates("error", 0.12, 0.12), 200);
    expect(verdict).toMatchObject({ outcome: "undecided", why: "baseline-ill-too" });
  });

  test("a handful of failing calls is too few to act on", () => {
    const [verdict] = run(
      [rule({ signal: "error" })],
      () => [rate("error", "canary", 10, 10), rate("error", "baseline", 200, 0)],
      1,
    );
    expect(verdict).toMatchObject({ outcome: "undecided", why: "too-few" });
  });
});

describe("the engine", () => {
  const rules = cases.map(({ rule: tested }, i) => ({ ...tested, id: `rule-${i}` }));
  const busy: Scenario = (random, minute) =>
    cases.flatMap(({ bad, good }) => (minute % 7 === 0 ? bad : good)(random, minute));
  const ticks: readonly Tick[] = ((): readonly Tick[] => {
    const random = draws(9);
    return Array.from({ length: 240 }, (_, minute) =>
      tick(minute, busy(random, minute), { stage: minute < 120 ? 0 : 1 }),
    );
  })();

  test("rebuilt from stored ticks it gives bit-identical judgements", () => {
    const first = createEngine(migration(rules));
    const live = ticks.map((each) => first.step(each));
    const rebuilt = createEngine(migration(rules));
    for (const each of ticks.slice(0, -1)) rebuilt.replay(JSON.parse(JSON.stringify(each)));
    expect(rebuilt.step(ticks.at(-1) as Tick)).toEqual(live.at(-1));
  });

  test("evidence survives JSON: every number is finite", () => {
    const engine = createEngine(migration(rules));
    for (const each of [tick(0, []), ...ticks.slice(1)]) {
      const judgement = engine.step(each);
      expect(JSON.parse(JSON.stringify(judgement))).toEqual(judgement);
    }
  });

  test("a tick that begins before the last one ended is refused", () => {
    const engine = createEngine(migration(rules));
    engine.step(ticks[5] as Tick);
    expect(() => engine.step(ticks[5] as Tick)).toThrow(/already judged/);
  });

  test("merging ticks changes nothing for tests without an anchor", () => {
    const absolute = [
      rule({ signal: "cost_usd", limit: 0.2, unit: "relative", reference: "projection", projection: 0.004 }),
    ];
    const random = draws(3);
    const minutes = Array.from({ length: 30 }, () => random.lognormal(20, 0.005, 0.5));
    const fine = createEngine(migration(absolute));
    const verdicts = minutes.map((numbers, minute) => fine.step(tick(minute, [values("cost_usd", "canary", numbers)])));
    const coarse = createEngine(migration(absolute));
    const merged = coarse.step(tick(0, [values("cost_usd", "canary", minutes.flat())], { to: 30 * 60_000 }));
    expect(merged.verdicts[0]?.evidence.logE).toBeCloseTo(verdicts.at(-1)?.verdicts[0]?.evidence.logE ?? Number.NaN, 9);
  });

  test("a pass belongs to its stage, a breach to the migration", () => {
    const engine = createEngine(migration([rule({ signal: "error" })]));
    const random = draws(4);
    const healthy = rates("error", 0.005, 0.005);
    for (let minute = 0; minute < 100; minute++) engine.replay(tick(minute, healthy(random, minute)));
    expect(engine.step(tick(100, healthy(random, 100))).verdicts[0]?.outcome).toBe("clear");
    const next = engine.step(tick(101, healthy(random, 101), { stage: 1, share: 0.25 })).verdicts[0];
    expect(next).toMatchObject({ outcome: "undecided", evidence: { n: { canary: CANARY } } });
  });
});
