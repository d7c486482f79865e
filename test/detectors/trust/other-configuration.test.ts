import { describe, expect, test } from "vitest";
import { identityKey } from "../../../core/call-identity.ts";
import type { Arm } from "../../../core/cohort.ts";
import type { Migration } from "../../../core/migration.ts";
import type { Tick } from "../../../core/sample.ts";
import type { Judgement } from "../../../core/verdict.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { decide } from "../../../lifecycle/decide.ts";
import { NOT_STARTED } from "../../../lifecycle/state.ts";
import { migration, rate, rule, tick } from "../tick-builder.ts";

const DOCUMENT: Migration = {
  ...migration([rule({ signal: "error", reference: "none" })]),
  baseline: { model: "gpt-4o", provider: null, prompt: null },
  candidate: { model: "claude-sonnet-4", provider: null, prompt: null },
};
const [GPT, CLAUDE, MINI] = ["gpt-4o", "claude-sonnet-4", "gpt-4o-mini"];
const CALLS: Readonly<Record<Arm, number>> = { canary: 20, baseline: 380 };

const key = (requestModel: string, responseModel = requestModel): string =>
  identityKey({ provider: "openai", requestModel, responseModel, promptName: "", promptVersion: "" });

type Carried = Readonly<Record<string, number>>;
const sound: Readonly<Record<Arm, Carried>> = { canary: { [key(CLAUDE)]: 20 }, baseline: { [key(GPT)]: 380 } };

const minute = (at: number, carried: Partial<Record<Arm, Carried>>, fields: Partial<Tick> = {}): Tick =>
  tick(at, [rate("error", "canary", CALLS.canary, 0), rate("error", "baseline", CALLS.baseline, 3)], {
    calls: (["canary", "baseline"] as const).map((cohort) => ({ cohort, segment: "", calls: CALLS[cohort] })),
    intake: { carried },
    ...fields,
  });

const run = (minutes: number, of: (at: number) => Partial<Record<Arm, Carried>>): readonly Judgement[] => {
  const engine = createEngine(DOCUMENT);
  return Array.from({ length: minutes }, (_, at) => engine.step(minute(at, of(at)), "outcome"));
};

const doubted = (judgements: readonly Judgement[]): readonly boolean[] =>
  judgements.map(({ doubts = [] }) => doubts.some(({ reason }) => reason === "other-configuration"));
const outcome = (judgement: Judgement | undefined): string | undefined => judgement?.verdicts[0]?.outcome;

test("arms that are what the document names are clear, and nothing is noted", () => {
  const judgements = run(30, () => sound);
  expect(outcome(judgements.at(-1))).toBe("clear");
  expect(judgements.at(-1)?.doubts).toEqual([]);
  expect(judgements.at(-1)?.notes).toBeUndefined();
});

test("a candidate that never ran is a doubt with the first twenty calls, names what ran, and is never clear", () => {
  const judgements = run(60, () => ({ ...sound, canary: { [key(GPT, "gpt-4o-2024-08-06")]: 20 } }));
  expect(judgements[0]?.doubts).toMatchObject([
    {
      reason: "other-configuration",
      detail:
        "100% of the newest 20 canary calls come from gpt-4o-2024-08-06 (asked for as gpt-4o), where the document names claude-sonnet-4",
      about: "canary",
    },
  ]);
  expect(judgements.some((judgement) => outcome(judgement) === "clear")).toBe(false);
  expect(judgements.at(-1)?.verdicts[0]).toMatchObject({ outcome: "undecided", why: "other-configuration" });
});

test("baseline users that are served by the candidate are a doubt that names both", () => {
  const judgements = run(30, () => ({ ...sound, baseline: { [key(GPT)]: 342, [key(CLAUDE)]: 38 } }));
  expect(judgements.at(-1)?.doubts).toMatchObject([
    {
      detail: expect.stringMatching(
        /^10% of the newest \d+ baseline calls come from claude-sonnet-4, where the document names gpt-4o$/,
      ),
    },
  ]);
});

describe("how many are too many", () => {
  /** `others` of 1000 canary calls, evenly. */
  const canary = (others: number) => (at: number) => {
    const n = Math.floor(((at + 1) * 20 * others) / 1000) - Math.floor((at * 20 * others) / 1000);
    return { ...sound, canary: { [key(CLAUDE)]: 20 - n, ...(n > 0 ? { [key(GPT)]: n } : {}) } };
  };
  test.each([
    [0, 1000, false],
    [5, 5000, false],
    [15, 3000, false],
    [20, 1000, false],
    [50, 200, true],
    [100, 40, true],
    [300, 5, true],
  ])("%i of 1000 for %i minutes: doubted is %s", (others, minutes, expected) => {
    expect(doubted(run(minutes, canary(others))).some((each) => each)).toBe(expected);
  });

  test("one of twenty is none, nor are nine of nine", () => {
    expect(doubted(run(1, () => ({ ...sound, canary: { [key(CLAUDE)]: 19, [key(GPT)]: 1 } })))).toEqual([false]);
    expect(doubted(run(1, () => ({ ...sound, canary: { [key(GPT)]: 9 } })))).toEqual([false]);
  });

  test("what begins on day five is found as soon", () => {
    const first = doubted(run(7300, (at) => (at < 7200 ? sound : canary(200)(at)))).indexOf(true);
    expect(first).toBeGreaterThanOrEqual(7200);
    expect(first).toBeLessThan(7215);
  });
});

test("it ends by itself some 120 calls after the last of them, and the stage is passed on later calls alone", () => {
  const judgements = run(90, (at) => (at < 40 ? { ...sound, canary: { [key(GPT)]: 20 } } : sound));
  const end = doubted(judgements).lastIndexOf(true) + 1;
  expect(end).toBeGreaterThan(44);
  expect(end).toBeLessThan(54);
  const cleared = judgements.findIndex((judgement) => outcome(judgement) === "clear");
  expect(cleared).toBeGreaterThanOrEqual(end + 9);
  expect(judgements[cleared]?.verdicts[0]?.evidence.n.canary).toBeLessThanOrEqual((cleared - end + 1) * 20);
});

test("it is paged once a stage however its numbers change, and again for the other arm", () => {
  let paged: readonly string[] = [];
  const both = run(60, (at) => ({
    canary: { [key(at % 2 === 0 ? GPT : MINI)]: 20 },
    baseline: at < 30 ? { [key(GPT)]: 380 } : { [key(CLAUDE)]: 380 },
  }));
  for (const judgement of both) {
    const decision = decide(DOCUMENT, { ...NOT_STARTED, hash: "h", pagedFor: paged }, judgement, judgement.at);
    if (decision.kind === "page") paged = [...paged, decision.topic ?? ""];
  }
  expect(paged).toEqual(["other-configuration:0:0:canary", "other-configuration:0:0:canary+baseline"]);
});

describe("where nothing is known", () => {
  test("no call is held against an arm, and it is said", () => {
    const judgements = run(30, () => ({ ...sound, canary: { [key("")]: 20 } }));
    expect(outcome(judgements.at(-1))).toBe("clear");
    expect(judgements.at(-1)?.notes).toEqual([
      "no canary call says that it comes from claude-sonnet-4: that the candidate really answers is not known",
    ]);
  });

  test("ticks of before this was measured say nothing", () => {
    const engine = createEngine(DOCUMENT);
    const judgement = engine.step(minute(0, {}, { intake: {} }), "outcome");
    expect([judgement.doubts, judgement.notes]).toEqual([[], undefined]);
  });
});

test("failed calls of a deployment count as what its answers are", () => {
  const deployed = { [key("prod-chat", "claude-sonnet-4-20250514")]: 16, [key("prod-chat", "")]: 4 };
  expect(doubted(run(60, () => ({ ...sound, canary: deployed }))).some((each) => each)).toBe(false);
});

test("a different model's name in every call is a doubt of one short line", () => {
  const judgements = run(300, (at) => ({
    ...sound,
    canary: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [key(`pod-${at}-${i}-${"x".repeat(500)}`), 1])),
  }));
  expect(judgements.at(-1)?.doubts?.[0]?.detail.length).toBeLessThan(600);
  expect(judgements.at(-1)?.doubts?.[0]?.detail).toContain("47 more");
});

test("values that are no identity, hostile ones included, are unknown", () => {
  const odd = { constructor: 5, __proto__: 5, "[]": 5, "{": 5 } as Carried;
  expect(run(20, () => ({ ...sound, canary: odd })).at(-1)?.doubts).toEqual([]);
});
