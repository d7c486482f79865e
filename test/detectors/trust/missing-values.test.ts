import { describe, expect, test } from "vitest";
import type { Arm } from "../../../core/cohort.ts";
import type { Migration, Rule } from "../../../core/migration.ts";
import type { Sample } from "../../../core/sample.ts";
import type { SignalName } from "../../../core/signals.ts";
import type { Judgement } from "../../../core/verdict.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { createMissingValues } from "../../../detectors/trust/missing-values.ts";
import { migration, rate, rule, tick, values } from "../tick-builder.ts";

const CALLS: Readonly<Record<Arm, number>> = { canary: 20, baseline: 80 };
const TOKENS = rule({ signal: "tokens_total", unit: "relative", limit: 0.2 });
const COST = rule({ signal: "cost_usd", unit: "relative", limit: 0.2 });

const documentOf = (rules: readonly Rule[]): Migration => ({
  ...migration(rules),
  candidate: { model: "model-x", provider: null, prompt: null },
});

const VALUED: readonly SignalName[] = [
  "tokens_total",
  "latency_ms",
  "cost_usd",
  "ttft_ms",
  "output_chars",
  "reasoning_tokens",
  "ms_per_token",
];

const sample = (signal: SignalName, cohort: Arm, n: number): Sample =>
  VALUED.includes(signal)
    ? values(
        signal,
        cohort,
        Array.from({ length: n }, () => 100),
      )
    : rate(signal, cohort, n, 0);

/** Known values a minute; `failed` calls of each arm, none of which tells anything. */
interface Minute {
  readonly known: Readonly<Partial<Record<SignalName, Readonly<Record<Arm, number>>>>>;
  readonly failed?: Readonly<Record<Arm, number>>;
  readonly calls?: Readonly<Record<Arm, number>>;
}

const tickOf = (at: number, { known, failed, calls = CALLS }: Minute) => {
  const arms = ["canary", "baseline"] as const;
  const samples = Object.entries(known).flatMap(([signal, counts]) =>
    arms.map((arm) => sample(signal as SignalName, arm, counts?.[arm] ?? 0)),
  );
  const errors = failed === undefined ? [] : arms.map((arm) => rate("error", arm, calls[arm], failed[arm]));
  return tick(
    at,
    [...samples, ...errors].filter(({ n }) => n > 0),
    {
      calls: arms.map((cohort) => ({ cohort, segment: "", calls: calls[cohort] })),
    },
  );
};

/** The doubt after each minute. */
const follow = (rules: readonly Rule[], minutes: number, of: (at: number) => Minute): readonly (string | null)[] => {
  const part = createMissingValues(documentOf(rules));
  return Array.from({ length: minutes }, (_, at) => {
    part.step(tickOf(at, of(at)), at === 0);
    return part.doubt();
  });
};
const steady =
  (signal: SignalName, canary: number, baseline: number, rest: Omit<Minute, "known"> = {}) =>
  (): Minute => ({
    known: { [signal]: { canary, baseline } },
    ...rest,
  });

test("a latency of 0 is one that a clock of whole seconds knows", () => {
  const part = createMissingValues(documentOf([rule({ signal: "latency_ms", unit: "relative", limit: 0.2 })]));
  const seconds = (n: number, instant: number): number[] =>
    Array.from({ length: n }, (_, i) => (i < instant ? 0 : 1000));
  for (let at = 0; at < 60; at++) {
    const samples = [values("latency_ms", "canary", seconds(20, 2)), values("latency_ms", "baseline", seconds(80, 40))];
    part.step(
      tick(at, samples, { calls: samples.map(({ cohort, n }) => ({ cohort, segment: "", calls: n })) }),
      at === 0,
    );
  }
  expect(part.doubt()).toBeNull();
});

describe("of values that every answered call owes", () => {
  test.each([
    ["tokens of 5% of the canary's calls", TOKENS, steady("tokens_total", 1, 80), true],
    ["tokens of 5% of the baseline's calls", TOKENS, steady("tokens_total", 20, 4), true],
    ["no tokens of the canary", TOKENS, steady("tokens_total", 0, 80), true],
    ["tokens of 80% against all", TOKENS, steady("tokens_total", 16, 80), true],
    ["tokens of all", TOKENS, steady("tokens_total", 20, 80), false],
    ["tokens of half in both arms", TOKENS, steady("tokens_total", 10, 40), false],
    ["tokens of neither", TOKENS, steady("tokens_total", 0, 0), false],
    ["tokens of 95% against 96%", TOKENS, steady("tokens_total", 19, 77), false],
    [
      "no latency of the canary",
      rule({ signal: "latency_ms", unit: "relative", limit: 0.2 }),
      steady("latency_ms", 0, 80),
      true,
    ],
    ["no cost of the canary", COST, steady("cost_usd", 0, 80), true],
    [
      "the canary fails in half of its calls, which tell nothing",
      TOKENS,
      steady("tokens_total", 10, 80, { failed: { canary: 10, baseline: 0 } }),
      false,
    ],
    [
      "failed calls tell their tokens in one arm only",
      TOKENS,
      steady("tokens_total", 20, 60, { failed: { canary: 5, baseline: 20 } }),
      false,
    ],
    [
      "the canary's answers lack them, and it fails as well",
      TOKENS,
      steady("tokens_total", 1, 80, { failed: { canary: 10, baseline: 0 } }),
      true,
    ],
    [
      "a limit that is a number needs the canary's values only",
      rule({ signal: "cost_usd", limit: 1, reference: "none" }),
      steady("cost_usd", 20, 0),
      false,
    ],
    [
      "a limit that is a number, and the canary lacks them",
      rule({ signal: "cost_usd", limit: 1, reference: "none" }),
      steady("cost_usd", 1, 80),
      true,
    ],
    ["a signal no rule is about", rule({ signal: "error", reference: "none" }), steady("tokens_total", 0, 80), false],
  ])("%s", (_name, each, of, expected) => {
    expect(follow([each], 30, of).some((text) => text !== null)).toBe(expected);
  });

  test("no tokens at all, 0 in every call, are as good as unknown", () => {
    const part = createMissingValues(documentOf([TOKENS]));
    const zeros = [values("tokens_total", "canary", Array(20).fill(0)), sample("tokens_total", "baseline", 80)];
    const calls = (["canary", "baseline"] as const).map((cohort) => ({ cohort, segment: "", calls: CALLS[cohort] }));
    for (let at = 0; at < 5; at++) part.step(tick(at, zeros, { calls }), at === 0);
    expect(part.doubt()).toMatch(/^tokens_total is known of 0%/);
  });

  test("names the signal, both shares, and a model that seems to have no price", () => {
    expect(follow([TOKENS], 5, steady("tokens_total", 1, 80)).at(-1)).toBe(
      "tokens_total is known of 5% of the newest 100 answered canary calls and of 100% of 400 baseline calls",
    );
    const unpriced = (): Minute => ({
      known: { tokens_total: { canary: 20, baseline: 80 }, cost_usd: { canary: 0, baseline: 80 } },
    });
    expect(follow([COST], 5, unpriced).at(-1)).toContain(
      "so that model-x seems to have no price (agent.prices names a file of them)",
    );
    expect(follow([COST], 5, steady("cost_usd", 0, 80)).at(-1)).not.toContain("price (");
  });

  test("is said within two minutes of calls, and begins on day five as soon", () => {
    const first = follow([TOKENS], 7300, (at) => steady("tokens_total", at < 7200 ? 20 : 0, 80)()).findIndex(
      (text) => text !== null,
    );
    expect(first).toBeGreaterThanOrEqual(7200);
    expect(first).toBeLessThan(7210);
    expect(follow([TOKENS], 2, steady("tokens_total", 0, 80)).at(-1)).not.toBeNull();
  });
});

describe("of values that only some calls can have", () => {
  const JSON_VALID = rule({ signal: "json_valid", direction: "drop", unit: "points" });
  const TOOLS = rule({ signal: "tool_call_valid", direction: "drop", unit: "points" });
  const TTFT = rule({ signal: "ttft_ms", unit: "relative", limit: 0.2 });
  const REFUSAL = rule({ signal: "refusal", unit: "points" });
  test.each([
    ["a candidate that calls tools half as often", TOOLS, steady("tool_call_valid", 6, 48), false],
    ["a candidate whose tools nobody sees", TOOLS, steady("tool_call_valid", 0, 48), true],
    ["a third of the calls asks for JSON", JSON_VALID, steady("json_valid", 7, 27), false],
    ["JSON is looked at in one arm only", JSON_VALID, steady("json_valid", 0, 27), true],
    ["60% of the calls are streams", TTFT, steady("ttft_ms", 12, 48), false],
    ["the canary's streams do not tell", TTFT, steady("ttft_ms", 0, 48), true],
    ["a candidate that answers with tools, without text, more often", REFUSAL, steady("refusal", 12, 72), false],
    ["text of one arm is not looked at", REFUSAL, steady("refusal", 1, 80), true],
    ["the baseline's streams do not tell", TTFT, steady("ttft_ms", 12, 2), true],
  ])("%s", (_name, each, of, expected) => {
    expect(follow([each], 60, of).some((text) => text !== null)).toBe(expected);
  });
});

describe("of what becomes known later", () => {
  const QUALITY = rule({ signal: "quality", direction: "drop", unit: "points" });
  test("an hour is waited for the other arm's scores, and then it is said", () => {
    const texts = follow([QUALITY], 100, (at) => steady("quality", 0, at >= 10 ? 40 : 0)());
    expect(texts.findIndex((text) => text !== null)).toBe(70);
    expect(texts.at(-1)).toMatch(
      /^quality is known of 0% of the newest \d+ canary calls and of \d+% of \d+ baseline calls$/,
    );
  });
  test.each([
    ["scores of both arms", (at: number) => steady("quality", at % 60 === 59 ? 100 : 0, at % 60 === 1 ? 400 : 0)()],
    ["people who answer a third as often", steady("quality", 1, 12)],
    ["no scores at all", steady("quality", 0, 0)],
  ])("%s are no doubt", (_name, of) => {
    expect(follow([QUALITY], 400, of).every((text) => text === null)).toBe(true);
  });
  test("tickets, which most calls are without, are none missing", () => {
    const tickets = rule({ signal: "support_tickets", unit: "relative", limit: 0.2 });
    expect(follow([tickets], 200, steady("support_tickets", 0, 80)).every((text) => text === null)).toBe(true);
  });
});

describe("in the engine", () => {
  const run = (minutes: number, until: number): readonly Judgement[] => {
    const engine = createEngine(documentOf([TOKENS]));
    return Array.from({ length: minutes }, (_, at) =>
      engine.step(tickOf(at, steady("tokens_total", at < until ? 1 : 20, 80)()), "outcome"),
    );
  };
  test("nothing is clear while it stands, and later calls alone pass the stage", () => {
    const judgements = run(120, 60);
    const outcomes = judgements.map(({ verdicts }) => verdicts[0]?.outcome);
    expect(outcomes.slice(0, 60)).not.toContain("clear");
    expect(judgements[59]?.verdicts[0]).toMatchObject({ outcome: "undecided", why: "missing-values" });
    const cleared = outcomes.indexOf("clear");
    const ended = judgements.findIndex(({ doubts = [] }, at) => at >= 60 && doubts.length === 0);
    expect(ended).toBeGreaterThan(60);
    expect(ended).toBeLessThan(90);
    expect(cleared).toBeGreaterThanOrEqual(ended + 9);
    expect(judgements[cleared]?.verdicts[0]?.evidence.n.canary).toBeLessThanOrEqual((cleared - ended + 1) * 20);
  });
});

test("an engine of two weeks at five calls an hour remembers no more than it needs, and still finds it", () => {
  const calls = { canary: 1, baseline: 4 };
  const texts = follow([TOKENS], 6000, (at) => steady("tokens_total", at < 5000 ? 1 : 0, 4, { calls })());
  expect(texts.slice(0, 5000).every((text) => text === null)).toBe(true);
  expect(texts.at(-1)).not.toBeNull();
});
