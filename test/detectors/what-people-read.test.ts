import { describe, expect, test } from "vitest";
import type { Rule } from "../../core/migration.ts";
import type { Sample } from "../../core/sample.ts";
import { undecidedText } from "../../core/undecided-text.ts";
import { valueUnit } from "../../core/value-unit.ts";
import type { Verdict } from "../../core/verdict.ts";
import { createEngine } from "../../detectors/engine.ts";
import { breachReason } from "../../lifecycle/breach-reason.ts";
import { draws, MINUTE, migration, rate, rule, tick, values } from "./tick-builder.ts";

type Stream = (minute: number) => readonly Sample[];

/** The last verdict of one rule: that of the breach, or of the last minute. */
const verdictAfter = (one: Rule, minutes: number, stream: Stream): { verdict: Verdict; minute: number } => {
  const engine = createEngine(migration([one]));
  for (let minute = 0; ; minute++) {
    const [verdict] = engine.step(tick(minute, stream(minute))).verdicts;
    if (verdict === undefined) throw new Error("no verdict");
    if (verdict.outcome === "breach" || minute === minutes - 1) return { verdict, minute };
  }
};

/** Refusals within 5 points of the baseline's, in each segment of its name. */
const REFUSALS = rule({
  signal: "refusal",
  unit: "points",
  limit: 0.05,
  direction: "either",
  by: "input_type",
  severity: "pause",
});

const undecided = (verdict: Verdict): Extract<Verdict, { outcome: "undecided" }> => {
  if (verdict.outcome !== "undecided") throw new Error(`${verdict.outcome} instead of undecided`);
  return verdict;
};

describe("a breach after healthy hours", () => {
  const HEALTHY = 400;
  const random = draws(5);
  const arms = (canary: number, baseline: number): Sample[] => [
    values("tokens_total", "canary", random.lognormal(20, canary, 0.5)),
    values("tokens_total", "baseline", random.lognormal(380, baseline, 0.5)),
  ];
  const slow = (canaryMs: number): Sample[] => [
    values("latency_ms", "canary", random.lognormal(20, canaryMs, 0.3)),
    values("latency_ms", "baseline", random.lognormal(380, 800, 0.3)),
  ];
  const failing = (share: number): Sample[] => [
    rate("error", "canary", 20, random.events(20, share)),
    rate("error", "baseline", 380, random.events(380, 0.01)),
  ];
  test.each<[name: string, rule: Rule, healthy: () => Sample[], bad: () => Sample[]]>([
    [
      "mean tokens",
      rule({ signal: "tokens_total", unit: "relative", limit: 0.2, severity: "pause" }),
      () => arms(140, 140),
      () => arms(220, 140),
    ],
    [
      "mean tokens against a projection",
      rule({ signal: "tokens_total", unit: "relative", limit: 0.2, reference: "projection", projection: 160 }),
      () => arms(140, 140),
      () => arms(300, 140),
    ],
    [
      "p95 of latency",
      rule({ signal: "latency_ms", quantile: 0.95, unit: "absolute-increase", limit: 200 }),
      () => slow(800),
      () => slow(1600),
    ],
    ["errors, absolute", rule({ signal: "error", reference: "none" }), () => failing(0.01), () => failing(0.3)],
    [
      "errors, relative",
      rule({ signal: "error", unit: "relative", limit: 0.5 }),
      () => failing(0.01),
      () => failing(0.3),
    ],
    [
      "errors, points",
      rule({ signal: "error", unit: "points", limit: 0.03, direction: "either" }),
      () => failing(0.01),
      () => failing(0.3),
    ],
  ])("is told with what was seen since it began: %s", (_name, one, healthy, bad) => {
    const { verdict, minute } = verdictAfter(one, HEALTHY + 300, (at) => (at < HEALTHY ? healthy() : bad()));
    expect(verdict.outcome).toBe("breach");
    const { onset, value, n, limit } = verdict.evidence;
    if (onset === undefined || limit === null) throw new Error("no onset");
    // Diluted by the healthy hours the stage's own value hardly speaks; that since the onset does.
    expect(onset.value.canary).toBeGreaterThan(onset.limit ?? Number.POSITIVE_INFINITY);
    expect(onset.value.canary).toBeGreaterThan(value.canary ?? Number.POSITIVE_INFINITY);
    expect(Math.abs(onset.since - HEALTHY * MINUTE)).toBeLessThanOrEqual(20 * MINUTE);
    expect(onset.n.canary).toBe((minute + 1) * 20 - (onset.since / MINUTE) * 20);
    expect(onset.n.baseline).toBe(onset.n.canary * 19);
    expect(n.canary).toBe((minute + 1) * 20);
    expect(breachReason(verdict)).toMatch(
      /since 1970-01-01 0\d:\d\d UTC, limit .+; this stage in all canary .+; log e /,
    );
  });
});

test("of a rule in either direction the limit that people read is one that can be broken", () => {
  const one = rule({ signal: "refusal", unit: "points", limit: 0.05, direction: "either" });
  const shown = (canary: number, baseline: number) => {
    const { verdict } = verdictAfter(one, 30, () => [
      rate("refusal", "canary", 100, canary),
      rate("refusal", "baseline", 100, baseline),
    ]);
    return { limit: verdict.evidence.limit, beyond: verdict.evidence.beyond };
  };
  expect(shown(0, 1).limit).toBeCloseTo(0.06);
  expect(shown(0, 1).beyond).toBeUndefined();
  expect(shown(99, 100).limit).toBeCloseTo(0.95);
  expect(shown(15, 20).limit).toBeCloseTo(0.15);
});

test("45 refusals of 101 against none of 56 are no question of more calls", () => {
  const stream: Stream = () => [
    rate("refusal", "canary", 20, 9, "input_type=faq"),
    rate("refusal", "baseline", 11, 0, "input_type=faq"),
  ];
  const { verdict } = verdictAfter(REFUSALS, 6, stream);
  expect(verdict.outcome).toBe("breach");
  expect(verdict.evidence.n.canary).toBeLessThanOrEqual(101);
});

test("a p99 that waits for its baseline says for how many calls, how long, and why a clear interval is no breach yet", () => {
  const random = draws(2);
  const one = rule({ signal: "latency_ms", quantile: 0.99, unit: "absolute-increase", limit: 200 });
  const { verdict } = verdictAfter(one, 8, () => [
    values("latency_ms", "canary", random.lognormal(100, 900, 0.05)),
    values("latency_ms", "baseline", random.lognormal(200, 150, 0.05)),
  ]);
  const waiting = undecided(verdict);
  expect(waiting).toMatchObject({
    why: "baseline-warming-up",
    needs: { towards: "reference", arm: "baseline", seen: 1600, calls: 2000, isEstimate: false, perHour: 12_000 },
    evidence: { beyond: true },
  });
  expect(undecidedText(waiting, valueUnit(one))).toMatch(
    /^the baseline needs more calls first: 1,600 of 2,000 baseline calls seen, about 2 min more at 200 a minute; the canary's 99% interval, \d+ ms to [\d.]+ m?s, is beyond the limit of \d+ ms as it stands, but the limit rests on a baseline that is not known well enough yet$/,
  );
});

describe("a rule by segment", () => {
  const one = REFUSALS;
  const random = draws(3);
  const stream: Stream = () => [
    ...["faq", "billing"].flatMap((name) => [
      rate("refusal", "canary", 40, random.events(40, 0.02), `input_type=${name}`),
      rate("refusal", "baseline", 160, random.events(160, 0.02), `input_type=${name}`),
    ]),
    rate("refusal", "canary", 1, 0, "input_type=legal"),
    rate("refusal", "baseline", 4, 0, "input_type=legal"),
  ];

  test("that is undecided names what holds it, with its own figures", () => {
    const { verdict } = verdictAfter(one, 60, stream);
    expect(undecided(verdict)).toMatchObject({
      why: "too-few",
      needs: { towards: "clear", arm: "canary", seen: 51, perHour: 60 },
      evidence: { segment: "input_type=legal", n: { canary: 51, baseline: 204 }, segments: { all: 3, clear: 2 } },
    });
    expect(undecidedText(undecided(verdict), "share")).toMatch(
      /: in input_type=legal \(2 of 3 segments are clear\) 51 of \d+ canary calls seen, about [\d.]+ (min|h) more at 60 an hour$/,
    );
  });
});

test("before there is any evidence nothing is said of it", () => {
  const { verdict } = verdictAfter(rule({ signal: "quality", unit: "points", direction: "drop" }), 3, () => []);
  expect(undecided(verdict).why).toBe("no-data");
  expect(undecidedText(undecided(verdict), "share")).toContain("0 canary and 0 baseline calls with the signal");
});
