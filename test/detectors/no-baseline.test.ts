import { describe, expect, test } from "vitest";
import type { Rule } from "../../core/migration.ts";
import type { Sample, Tick } from "../../core/sample.ts";
import type { Judgement } from "../../core/verdict.ts";
import { createEngine } from "../../detectors/engine.ts";
import { decide } from "../../lifecycle/decide.ts";
import { NOT_STARTED } from "../../lifecycle/state.ts";
import { draws, migration, rate, rule, tick, values } from "./tick-builder.ts";

const SHARE = 0.2;
const [CANARY, BASELINE] = [20, 80];
const ERROR = rule({ signal: "error", reference: "none" });
const P99 = rule({ signal: "latency_ms", quantile: 0.99, limit: 2000, reference: "none" });
const MEAN = rule({ signal: "latency_ms", limit: 2000, reference: "none" });
const JSON_VALID = rule({ signal: "json_valid", limit: 0.95, direction: "drop", reference: "none" });
const PROJECTED = rule({
  signal: "tokens_total",
  limit: 0.2,
  unit: "relative",
  reference: "projection",
  projection: 1000,
});
const REFUSAL = rule({ signal: "refusal", unit: "points" });

type Bad = "well" | "ill";
type Draw = (bad: Bad, arm: "canary" | "baseline", n: number) => Sample;

const drawers = (seed: number): Readonly<Record<string, Draw>> => {
  const random = draws(seed);
  const numbers =
    (signal: "latency_ms" | "tokens_total", well: number, ill: number): Draw =>
    (bad, arm, n) =>
      values(signal, arm, random.lognormal(n, bad === "ill" ? ill : well, 0.2));
  const share =
    (signal: "error" | "json_valid" | "refusal", well: number, ill: number): Draw =>
    (bad, arm, n) =>
      rate(signal, arm, n, random.events(n, bad === "ill" ? ill : well));
  return {
    error: share("error", 0.01, 0.5),
    latency_ms: numbers("latency_ms", 500, 6000),
    json_valid: share("json_valid", 0.99, 0.3),
    tokens_total: numbers("tokens_total", 1000, 4000),
    refusal: share("refusal", 0.01, 0.5),
  };
};

/** What happens from minute 60 on: how the arms fare, and how many baseline calls there are. */
interface Later {
  readonly canary: Bad;
  readonly baseline?: Bad;
  readonly calls: number;
  readonly share?: number;
  readonly canaryCalls?: number;
}

const run = (each: Rule, later: Later, minutes = 120, seed = 1): readonly Judgement[] => {
  const engine = createEngine(migration([each]));
  const draw = drawers(seed)[each.signal];
  if (draw === undefined) throw new Error(each.signal);
  return Array.from({ length: minutes }, (_, at) => {
    const isLater = at >= 60;
    const { canary, baseline, calls, share = SHARE, canaryCalls = CANARY } = later;
    const [c, b] = isLater ? [canaryCalls, calls] : [CANARY, BASELINE];
    const samples = [
      draw(isLater ? canary : "well", "canary", c),
      draw(isLater ? (baseline ?? "well") : "well", "baseline", b),
    ];
    const fields: Partial<Tick> = {
      stage: isLater && share === 1 ? 1 : 0,
      share: isLater ? share : SHARE,
      calls: [
        { cohort: "canary", segment: "", calls: c },
        { cohort: "baseline", segment: "", calls: b },
      ],
    };
    return engine.step(
      tick(
        at,
        samples.filter(({ n }) => n > 0),
        fields,
      ),
      "outcome",
    );
  });
};

const breachAt = (judgements: readonly Judgement[]): number =>
  judgements.findIndex(({ verdicts }) => verdicts[0]?.outcome === "breach");

describe.each([
  ["a share", ERROR],
  ["an absolute p99", P99],
  ["an absolute mean", MEAN],
  ["a share that may not drop", JSON_VALID],
  ["a projection", PROJECTED],
] as const)("%s without a baseline", (_name, each) => {
  test("is judged on the canary alone in a stage of 100%", () => {
    expect(breachAt(run(each, { canary: "ill", calls: 0, share: 1, canaryCalls: 100 }))).toBeGreaterThanOrEqual(60);
    expect(breachAt(run(each, { canary: "ill", calls: 0, share: 1, canaryCalls: 100 }))).toBeLessThan(63);
  });

  test("is judged on the canary alone within minutes when the baseline's calls stop", () => {
    const at = breachAt(run(each, { canary: "ill", calls: 0 }));
    expect(at).toBeGreaterThanOrEqual(60);
    expect(at).toBeLessThan(70);
  });

  test("is no breach for a canary that is well", () => {
    expect(breachAt(run(each, { canary: "well", calls: 0, share: 1, canaryCalls: 100 }, 300))).toBe(-1);
    expect(breachAt(run(each, { canary: "well", calls: 0 }, 300))).toBe(-1);
  });
});

test.each([
  ["a share", ERROR],
  ["an absolute mean", MEAN],
] as const)(
  "%s: an incident of both arms is not the candidate's, with little of the baseline as with much",
  (_name, each) => {
    expect(breachAt(run(each, { canary: "ill", baseline: "ill", calls: BASELINE }, 120))).toBe(-1);
    expect(breachAt(run(each, { canary: "ill", baseline: "ill", calls: 8, share: 0.7 }, 120))).toBe(-1);
  },
);

describe("the loss of the baseline", () => {
  const state = { ...NOT_STARTED, hash: "h" };
  const pages = (judgements: readonly Judgement[], each: Rule): readonly (string | undefined)[] => {
    let paged: readonly string[] = [];
    return judgements.flatMap((judgement) => {
      const decision = decide(
        migration([each]),
        { ...state, stage: judgement.stage, pagedFor: paged },
        judgement,
        judgement.at,
      );
      if (decision.kind !== "page") return [];
      paged = [...paged, decision.topic ?? ""];
      return [decision.topic];
    });
  };

  test("is a doubt with its numbers, paged once, and ends with the baseline's return", () => {
    const judgements = run(ERROR, { canary: "well", calls: 0 }, 120);
    const first = judgements.find(({ doubts = [] }) => doubts.length > 0);
    expect(first?.doubts).toMatchObject([
      {
        reason: "no-baseline",
        detail: "no baseline call since 01:00:00, beside 60 canary calls at a configured canary share of 20%",
      },
    ]);
    expect(judgements.at(-1)?.verdicts[0]).toMatchObject({ outcome: "undecided", why: "no-baseline" });
    expect(pages(judgements, ERROR)).toEqual(["no-baseline:0:0"]);
  });

  test("is told for what compares in a stage of 100%, once; an absolute limit is clear there", () => {
    const compared = run(REFUSAL, { canary: "well", calls: 0, share: 1, canaryCalls: 100 }, 90);
    expect(compared.at(-1)?.verdicts[0]).toMatchObject({ outcome: "undecided", why: "no-baseline" });
    expect(compared.at(-1)?.verdicts[0]).not.toHaveProperty("needs");
    expect(compared.at(-1)?.doubts).toEqual([]);
    expect(pages(compared, REFUSAL)).toEqual(["no-baseline:1:0"]);
    const absolute = run(ERROR, { canary: "well", calls: 0, share: 1, canaryCalls: 100 }, 90);
    expect(absolute.at(-1)?.verdicts[0]).toMatchObject({ outcome: "clear" });
    expect(pages(absolute, ERROR)).toEqual([]);
  });

  test.each([
    ["batches of two minutes", (at: number) => (at % 2 === 0 ? 160 : 0)],
    ["two calls an hour", (at: number) => (at % 30 === 0 ? 1 : 0)],
  ])("is not said of a baseline that sends in %s", (_name, calls) => {
    const engine = createEngine(migration([ERROR]));
    for (let at = 0; at < 300; at++) {
      const c = calls(at) > 1 ? 20 : at % 120 === 7 ? 1 : 0;
      const fields = {
        share: SHARE,
        calls: [
          { cohort: "canary", segment: "", calls: c },
          { cohort: "baseline", segment: "", calls: calls(at) },
        ],
      } as const;
      expect(engine.step(tick(at, [], fields), "outcome").doubts).toEqual([]);
    }
  });

  test("is found as soon where the next stage begins meanwhile", () => {
    const engine = createEngine(migration([ERROR]));
    const doubted = Array.from({ length: 10 }, (_, at) => {
      const calls = [
        { cohort: "canary", segment: "", calls: 20 },
        { cohort: "baseline", segment: "", calls: at < 4 ? 80 : 0 },
      ] as const;
      return engine.step(tick(at, [], { share: SHARE, stage: at < 5 ? 0 : 1, calls }), "outcome").doubts?.length;
    });
    expect(doubted.indexOf(1)).toBe(6);
  });
});

test("a segment whose users are all in one arm is compared with nobody, and rolls nothing back by itself", () => {
  const engine = createEngine({ ...migration([ERROR]), segments: ["tenant"] });
  const random = draws(3);
  for (let at = 0; at < 240; at++) {
    // One tenant in twenty, wholly the canary's, fails in 12% of its calls: its prompts are too long.
    const failed = random.events(10, 0.12);
    const samples = [
      rate("error", "canary", 200, failed),
      rate("error", "baseline", 800, random.events(800, 0.01)),
      rate("error", "canary", 10, failed, "tenant=whale"),
      rate("error", "canary", 190, 0, "tenant=other"),
      rate("error", "baseline", 800, 0, "tenant=other"),
    ];
    const calls = samples.map(({ cohort, segment, n }) => ({ cohort, segment, calls: n }));
    expect(engine.step(tick(at, samples, { share: SHARE, calls }), "outcome").verdicts[0]?.outcome).not.toBe("breach");
  }
});
