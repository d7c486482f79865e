import { describe, expect, it } from "vitest";
import { createEngine } from "../../detectors/engine.ts";
import { always, around, judgeMeans, type Limit, mixed, type Nature } from "./mean-world.ts";
import { migration, rate, rule, tick } from "./tick-builder.ts";

const increase = (limit: number): Partial<Limit> => ({ unit: "absolute-increase", limit });

describe("a limit far above what the baseline's calls are like can be broken", () => {
  const cases: readonly (readonly [string, Limit, Nature, Nature])[] = [
    ["tokens 800, +50%, 4000", { signal: "input_tokens", limit: 0.5 }, around(800, 0.01), around(4000, 0.01)],
    ["300 ms, +1 s, 30 s", { signal: "latency_ms", ...increase(1000) }, around(300, 0.2), always(30_000)],
    ["300 ms, +2 s, 30 s", { signal: "latency_ms", ...increase(2000) }, around(300, 0.5), always(30_000)],
    ["one token, +100, 300", { signal: "output_tokens", ...increase(100) }, always(1), always(300)],
    ["x6 where x4 is allowed", { signal: "tokens_total", limit: 3 }, around(1000, 0.3), around(6000, 0.3)],
    ["constant cost, +100%, x3", { signal: "cost_usd", limit: 1 }, always(0.0042), always(0.0126)],
    ["constant cost, +20%, x2", { signal: "cost_usd", limit: 0.2 }, always(0.0042), always(0.0084)],
    ["enormous values", { signal: "tokens_total", limit: 0.5 }, always(1e15), always(4e15)],
    ["tiny values", { signal: "cost_usd", limit: 0.5 }, always(1e-12), always(4e-12)],
  ];
  for (const share of [0.01, 0.05, 0.5, 0.8]) {
    it.each(cases)(`%s, at a share of ${share}`, (_name, limit, baseline, canary) => {
      const { verdict, calls, firstClear } = judgeMeans(limit, { canary, baseline }, { share });
      expect(verdict.outcome).toBe("breach");
      expect(firstClear).toBeNull();
      expect(calls).toBeLessThanOrEqual(Math.max(60, 2400 * share));
    });
  }
});

const BODY = around(1000, 0.4);
const looping = (share: number, tokens: number): Nature => mixed(share, always(tokens), BODY);
const fixed = (limit: number): Partial<Limit> => ({ unit: "absolute", reference: "none", limit });
const projected: Partial<Limit> = { reference: "projection", projection: 1100 };

describe("a tail that carries the mean beyond its limit is a breach, whatever the other calls are like", () => {
  it.each<readonly [string, Limit, Nature]>([
    ["0.5% of 128k", { signal: "tokens_total" }, looping(0.005, 128_000)],
    ["1% of 64k", { signal: "tokens_total" }, looping(0.01, 64_000)],
    ["0.2% of 400k", { signal: "tokens_total" }, looping(0.002, 400_000)],
    ["5% of 12k", { signal: "tokens_total" }, looping(0.05, 12_000)],
    ["reasoning tokens", { signal: "reasoning_tokens" }, looping(0.005, 128_000)],
    ["an amount more", { signal: "latency_ms", ...increase(200) }, looping(0.005, 120_000)],
    ["a projection", { signal: "tokens_total", ...projected }, looping(0.005, 128_000)],
    ["a number", { signal: "tokens_total", ...fixed(1320) }, looping(0.005, 128_000)],
    ["either way", { signal: "tokens_total", direction: "either" }, looping(0.005, 128_000)],
  ])("%s", (_name, limit, canary) => {
    for (const seed of [1, 2, 3]) {
      const { verdict } = judgeMeans(limit, { canary, baseline: BODY }, { minutes: 1500, seed });
      expect(verdict.outcome).toBe("breach");
    }
  });

  it("at half of the traffic, too", () => {
    const { verdict } = judgeMeans(
      { signal: "tokens_total" },
      { canary: looping(0.005, 128_000), baseline: BODY },
      { share: 0.5, minutes: 300 },
    );
    expect(verdict.outcome).toBe("breach");
  });
});

describe("a clear is about every call the stage has seen", () => {
  it.each<readonly [string, Limit, Nature, Nature]>([
    ["a tail just beyond the limit", { signal: "tokens_total" }, looping(0.0017, 128_000), BODY],
    ["the same against a number", { signal: "tokens_total", ...fixed(1300) }, looping(0.0017, 128_000), BODY],
    [
      "only the baseline had the tail, of a rule about falls",
      { signal: "tokens_total", direction: "drop" },
      BODY,
      looping(0.005, 128_000),
    ],
    [
      "the baseline's tail is rarer than its p99.9",
      { signal: "tokens_total", direction: "drop" },
      BODY,
      looping(0.0005, 1_000_000),
    ],
  ])("%s: never clear at the end", (_name, limit, canary, baseline) => {
    for (const seed of [1, 2, 3]) {
      const { verdict } = judgeMeans(limit, { canary, baseline }, { minutes: 300, seed });
      expect(verdict.outcome).not.toBe("clear");
    }
  });

  it("a tail in both arms cancels out: clear, and no breach", () => {
    for (const seed of [1, 2, 3]) {
      const both = looping(0.002, 20_000);
      const { verdict } = judgeMeans(
        { signal: "tokens_total" },
        { canary: both, baseline: both },
        { minutes: 1000, seed },
      );
      expect(verdict.outcome).toBe("clear");
    }
  });

  it("a tail that only the baseline has is no rise", () => {
    const { verdict } = judgeMeans(
      { signal: "tokens_total" },
      { canary: BODY, baseline: looping(0.005, 128_000) },
      { minutes: 500 },
    );
    expect(verdict.outcome).toBe("clear");
  });

  it("a candidate at a cap that the baseline has as well is clear", () => {
    const capped: Nature = (random) => Math.min(30_000, around(4000, 1.43)(random));
    const { verdict } = judgeMeans({ signal: "latency_ms" }, { canary: capped, baseline: capped }, { minutes: 600 });
    expect(verdict.outcome).toBe("clear");
  });

  it("one absurd call neither breaks a limit nor stops another stage", () => {
    const { verdict } = judgeMeans(
      { signal: "tokens_total" },
      { canary: mixed(0.00005, always(1e9), BODY), baseline: BODY },
      { minutes: 300, seed: 4 },
    );
    expect(verdict.outcome).not.toBe("breach");
  });

  it("one absurd call of the baseline does not blind the rule", () => {
    let calls = 0;
    const baseline: Nature = (random) => (calls++ === 100 ? 1e15 : BODY(random));
    const { verdict } = judgeMeans(
      { signal: "tokens_total" },
      { canary: around(3000, 0.4), baseline },
      { minutes: 20 },
    );
    expect(verdict.outcome).toBe("breach");
  });
});

describe("equal arms, whatever their tail", () => {
  it.each<readonly [string, Nature]>([
    ["log-normal of deviation 2", around(1000, 2)],
    ["0.05% a thousand times as large", mixed(0.0005, always(1e6), BODY)],
    ["a power law with an infinite variance", (random) => 1000 * (1 - random()) ** (-1 / 1.5)],
    ["mostly zero", mixed(0.999, always(0), always(900))],
    ["two values", mixed(0.3, always(1), always(2))],
  ])("%s: no false alarm in 10 runs", (_name, both) => {
    const found = Array.from({ length: 10 }, (_, seed) => {
      const share = seed % 2 === 0 ? 0.05 : 0.5;
      return judgeMeans(
        { signal: "tokens_total" },
        { canary: both, baseline: both },
        { minutes: 200, share, seed: seed + 1 },
      );
    });
    expect(found.filter(({ verdict }) => verdict.outcome === "breach")).toEqual([]);
  });
});

describe("a baseline of zero", () => {
  const relative: Limit = { signal: "cost_usd" };
  it.each<readonly [string, Limit, Nature, Nature]>([
    ["free to paid", relative, always(0.01), always(0)],
    ["free to paid now and then", relative, mixed(0.05, always(0.2), always(0)), always(0)],
    ["no reasoning to 900 tokens", { signal: "reasoning_tokens" }, around(900, 0.5), always(0)],
    ["one call in a thousand is not zero", { signal: "cost_usd" }, always(0.01), mixed(0.001, always(0.01), always(0))],
    ["an amount more", { ...relative, ...increase(0.001) }, always(0.01), always(0)],
    ["a number", { ...relative, ...fixed(0.001) }, always(0.01), always(0)],
    ["an either-way rule", { ...relative, direction: "either" }, always(0.01), always(0)],
  ])("%s is a breach soon", (_name, limit, canary, baseline) => {
    for (const share of [0.05, 0.5]) {
      const { verdict, calls } = judgeMeans(limit, { canary, baseline }, { share, minutes: 60 });
      expect(verdict.outcome).toBe("breach");
      expect(calls).toBeLessThanOrEqual(share === 0.5 ? 600 : 150);
    }
  });

  it.each<readonly [string, Limit]>([
    ["a share more", relative],
    ["a share less", { ...relative, direction: "drop" }],
    ["a share either way", { ...relative, direction: "either" }],
    ["an amount more", { ...relative, ...increase(0.001) }],
    ["a number", { ...relative, ...fixed(0.001) }],
  ])("and a canary of zero is clear, but not at once: %s", (_name, limit) => {
    const arms = { canary: always(0), baseline: always(0) };
    const { verdict } = judgeMeans(limit, arms, { minutes: 200 });
    expect(verdict.outcome).toBe("clear");
    expect(judgeMeans(limit, arms, { minutes: 9 }).verdict.outcome).toBe("undecided");
  });

  it("of a rate: no event in either arm is clear when less than one call in 500 has one", () => {
    const engine = createEngine(migration([rule({ signal: "support_tickets", unit: "relative", limit: 0.15 })]));
    const outcomes = Array.from({ length: 200 }, (_, minute) => {
      const samples = [rate("support_tickets", "canary", 20, 0), rate("support_tickets", "baseline", 380, 0)];
      return engine.step(tick(minute, samples)).verdicts[0]?.outcome;
    });
    expect(outcomes.indexOf("clear")).toBeGreaterThan(500 / 20);
    expect(outcomes.at(-1)).toBe("clear");
  });

  it("one stray call of the canary is no breach, and no clear", () => {
    let calls = 0;
    const stray: Nature = () => (calls++ === 3000 ? 5 : 0);
    const { verdict } = judgeMeans(relative, { canary: stray, baseline: always(0) }, { minutes: 200 });
    expect(verdict.outcome).toBe("undecided");
  });
});

describe("what hits both arms from the first tick on", () => {
  it("is not the candidate's, of a score that may not fall below a number", () => {
    const limit = { unit: "absolute", reference: "none", direction: "drop", limit: 0.6 } as const;
    const engine = createEngine(migration([rule({ signal: "quality", ...limit })]));
    const zeros = (cohort: "canary" | "baseline", n: number) => ({
      signal: "quality" as const,
      cohort,
      segment: "",
      n,
      sum: 0,
      bins: { 0: n },
    });
    for (let minute = 0; minute < 60; minute++) {
      const [verdict] = engine.step(tick(minute, [zeros("canary", 20), zeros("baseline", 380)])).verdicts;
      expect(verdict).toMatchObject({ outcome: "undecided" });
      if (minute > 2) expect(verdict).toMatchObject({ why: "baseline-ill-too" });
    }
  });
});
