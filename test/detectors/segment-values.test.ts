import { describe, expect, test } from "vitest";
import type { Sample } from "../../core/sample.ts";
import { seededRandom } from "../../core/seeded-random.ts";
import { createEngine } from "../../detectors/engine.ts";
import { createSegmentShares } from "../../detectors/segment-shares.ts";
import { createSegmentValues, type SegmentValues } from "../../detectors/segment-values.ts";
import { createValueCounts } from "../../detectors/value-counts.ts";
import { migration, rate, rule, tick } from "./tick-builder.ts";

const calls = (segment: string, n: number): readonly Sample[] => [rate("refusal", "baseline", n, 0, segment)];

const segmentsOf = (values: SegmentValues, minute: number, samples: readonly Sample[]): readonly string[] =>
  values.take(tick(minute, samples)).samples.map(({ segment }) => segment);

describe("which values are segments", () => {
  test("those with 50 calls and a hundredth of the traffic; the others are one segment, with all that they have", () => {
    const values = createSegmentValues();
    const { samples } = values.take(
      tick(0, [...calls("type=faq", 9000), ...calls("type=big", 60), ...calls("type=a", 3), ...calls("type=b", 4)]),
    );
    expect(samples).toEqual([...calls("type=faq", 9000), ...calls("type=*other*", 67)]);
    expect(values.isJudged("type=a")).toBe(false);
    expect(values.isWaitedFor("type=*other*")).toBe(false);
  });

  test("one that grows is a segment from then on, and not for what was before", () => {
    const values = createSegmentValues();
    expect(segmentsOf(values, 0, [...calls("type=faq", 1000), ...calls("type=new", 40)])).toContain("type=*other*");
    expect(segmentsOf(values, 1, calls("type=new", 9))).toEqual(["type=*other*"]);
    expect(segmentsOf(values, 2, calls("type=new", 9))).toEqual(["type=new"]);
  });

  test("one that is gone is not waited for, and gives its place to another", () => {
    const values = createSegmentValues({ type: { normalise: [], values: 1 } });
    segmentsOf(values, 0, calls("type=old", 500));
    expect(segmentsOf(values, 1, calls("type=new", 500))).toEqual(["type=*other*"]);
    for (let day = 1; day <= 10; day++) segmentsOf(values, day * 1440, calls("type=new", 500));
    expect(segmentsOf(values, 11 * 1440, calls("type=new", 500))).toEqual(["type=new"]);
    expect(values.isWaitedFor("type=old")).toBe(false);
  });

  test("never more than 50 of a name, whatever comes", () => {
    const values = createSegmentValues();
    const seen = new Set<string>();
    for (let minute = 0; minute < 30; minute++) {
      const many = Array.from({ length: 80 }, (_, i) => calls(`type=${i}`, 100)).flat();
      for (const segment of segmentsOf(values, minute, many)) seen.add(segment);
    }
    expect(seen.size).toBe(51);
  });

  test("a clear waits for what found no place among the values of a name, and for what the app itself calls *other*", () => {
    const full = createSegmentValues({ type: { normalise: [], values: 3 } });
    for (let minute = 0; minute < 20; minute++)
      segmentsOf(full, minute, Array.from({ length: 10 }, (_, i) => calls(`type=${i}`, 100)).flat());
    expect(full.shareOf("type=*other*")).toBeCloseTo(0.7);
    expect(full.isWaitedFor("type=*other*")).toBe(true);
    expect(full.sharesIn("type")).toHaveLength(4);
    const named = createSegmentValues();
    for (let minute = 0; minute < 20; minute++)
      segmentsOf(named, minute, [...calls("type=faq", 600), ...calls("type=*other*", 400)]);
    expect(named.shareOf("type=*other*")).toBeCloseTo(0.4);
    expect(named.isWaitedFor("type=*other*")).toBe(true);
  });

  test("what the store has together already is part of the rare values, however much it is, and never one of its own", () => {
    const values = createSegmentValues();
    const { samples } = values.take(
      tick(0, [...calls("type=faq", 1000), ...calls("type=a", 10), ...calls("type=*other*", 8990)]),
    );
    expect(samples).toEqual([...calls("type=faq", 1000), ...calls("type=*other*", 9000)]);
    expect(values.shareOf("type=*other*")).toBeCloseTo(0.9, 6);
    expect(values.isWaitedFor("type=*other*")).toBe(true);
    const shares = values.sharesIn("type");
    expect(shares.map((share) => share.toFixed(2))).toEqual(["0.10", "0.90"]);
  });

  test("names are told apart, and a name without values of its own has none", () => {
    const values = createSegmentValues();
    const { samples } = values.take(tick(0, [...calls("type=faq", 100), ...calls("tier=free", 10), ...calls("", 110)]));
    expect(samples.map(({ segment }) => segment)).toEqual(["type=faq", "tier=*other*", ""]);
  });

  test("what was learned before the start is known, and weighs little against what comes", () => {
    const values = createSegmentValues();
    values.learn(tick(0, [...calls("type=faq", 30_000), ...calls("type=past", 30_000)]));
    expect(values.isWaitedFor("type=past")).toBe(true);
    for (let minute = 1; minute < 300; minute++) segmentsOf(values, minute, calls("type=faq", 500));
    expect(values.isWaitedFor("type=past")).toBe(false);
  });
});

describe("twenty thousand tenants", () => {
  const random = seededRandom(3);
  const tenants = (): readonly Sample[] =>
    Array.from({ length: 500 }, () => `tenant=t${Math.floor(random() * 20_000)}`).flatMap((segment) => [
      rate("refusal", "canary", 1, 0, segment),
      rate("refusal", "baseline", 4, 0, segment),
    ]);

  test("are one segment of a rule, which becomes clear", () => {
    const engine = createEngine(migration([rule({ signal: "refusal", unit: "points", by: "tenant" })]));
    const verdicts = Array.from({ length: 20 }, (_, minute) => engine.step(tick(minute, tenants())).verdicts[0]);
    expect(Math.max(...verdicts.map((verdict) => verdict?.evidence.parts.length ?? 0))).toBe(1);
    expect(verdicts.at(-1)).toMatchObject({ outcome: "clear" });
  });

  test("take the memory of a thousand counts, and none of them is lost that has a hundredth of the calls", () => {
    const counts = createValueCounts();
    for (let minute = 0; minute < 50; minute++) {
      counts.add([["big", 60], ...Array.from({ length: 5000 }, (_, i) => [`t${minute * 5000 + i}`, 1] as const)]);
    }
    expect([...counts.entries()].length).toBeLessThanOrEqual(1000);
    expect(counts.recent("big")).toBeGreaterThan(0.8 * 60 * 50);
    expect(counts.total()).toBe(50 * 5060);
  });
});

test("the shares of the wealth never add up to more than all of it, in whatever order segments come", () => {
  const random = seededRandom(5);
  for (let run = 0; run < 200; run++) {
    const shares = createSegmentShares();
    const traffic = Array.from({ length: 1 + Math.floor(random() * 60) }, () => random() ** 3);
    const given = traffic.map((share, i) => shares.open(share, run % 2 === 0 ? traffic : traffic.slice(0, i + 1)));
    expect(given.every((share) => share > 0)).toBe(true);
    expect(given.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1);
  }
});

test("a rule that waits for a segment names it", () => {
  const engine = createEngine(migration([rule({ signal: "refusal", unit: "points", by: "type" })]));
  const samples = (minute: number): readonly Sample[] =>
    ["faq", "legal"].flatMap((value) => {
      const [n, others] = value === "faq" ? [200, 1000] : [Number(minute % 20 === 0), 40];
      return [
        rate("refusal", "canary", n, 0, `type=${value}`),
        rate("refusal", "baseline", others, 0, `type=${value}`),
      ];
    });
  const verdicts = Array.from({ length: 40 }, (_, minute) => engine.step(tick(minute, samples(minute))).verdicts[0]);
  expect(verdicts.at(-1)).toMatchObject({
    outcome: "undecided",
    why: "too-few",
    evidence: { segment: "type=legal", n: { canary: 1 } },
  });
});

test("a rule that is clear shows a segment that it waited for, not one that has no call", () => {
  const engine = createEngine(migration([rule({ signal: "refusal", unit: "points", by: "type" })]));
  const both = (segment: string, n: number): readonly Sample[] => [
    rate("refusal", "canary", n, Math.floor(n / 50), segment),
    rate("refusal", "baseline", 5 * n, Math.floor(n / 10), segment),
  ];
  const verdicts = Array.from({ length: 40 }, (_, minute) => {
    const names = minute === 2 || minute === 3 ? ["FAQ ", "faqs", "FAQ?", "f.a.q."] : [];
    const stray = names.flatMap((name) => both(`type=${name}${minute}`, 4));
    return engine.step(tick(minute, [...both("type=faq", 100), ...stray], { stage: minute < 20 ? 0 : 1 })).verdicts[0];
  });
  expect(verdicts.at(-1)).toMatchObject({ outcome: "clear", evidence: { segment: "type=faq" } });
});
