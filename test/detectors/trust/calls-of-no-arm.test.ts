import { describe, expect, test } from "vitest";
import { identityKey } from "../../../core/call-identity.ts";
import type { Migration } from "../../../core/migration.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { createCallsOfNoArm } from "../../../detectors/trust/calls-of-no-arm.ts";
import { migration, rate, rule, tick } from "../tick-builder.ts";

const prompt = (version: string) => ({ name: "checkout", version });
const DOCUMENT: Migration = {
  ...migration([rule({ signal: "error", reference: "none" })]),
  baseline: { model: "gpt-4o", provider: null, prompt: prompt("3") },
  candidate: { model: "gpt-5", provider: null, prompt: prompt("3") },
  match: { service: "shop", operation: "chat" },
};

const key = (model: string, version = "3", promptName = version === "" ? "" : "checkout"): string =>
  identityKey({ provider: "openai", requestModel: model, responseModel: model, promptName, promptVersion: version });

type Carried = Readonly<Record<string, number>>;

const minute = (at: number, carried: Carried, own = 100) =>
  tick(at, [], { intake: { unassigned: { calls: Object.values(carried).reduce((a, b) => a + b, 0), own, carried } } });

const follow = (minutes: number, of: (at: number) => Carried, before: Carried = {}, document = DOCUMENT) => {
  const part = createCallsOfNoArm(document);
  if (Object.keys(before).length > 0) part.learn(minute(-1, before, 0));
  const doubts = Array.from({ length: minutes }, (_, at) => {
    part.step(minute(at, of(at)), at === 0);
    return part.doubt();
  });
  return { doubts, notes: part.notes(), last: doubts.at(-1) };
};

describe("calls that fit no arm", () => {
  test.each([
    ["a prompt edited in both arms", { [key("gpt-4o", "4")]: 40, [key("gpt-5", "4")]: 10 }, true],
    ["a model renamed under way", { [key("gpt-4.1")]: 50 }, true],
    ["a tenth of the calls", { [key("gpt-4.1")]: 11 }, true],
    ["one in a hundred", { [key("gpt-4.1")]: 1 }, false],
    ["exactly two of a hundred", { [key("gpt-4.1")]: 2 }, false],
    ["nothing is known of them", { [key("", "")]: 50 }, true],
    ["another prompt of the service", { [key("gpt-4o", "9", "search")]: 50 }, false],
    ["none", {}, false],
  ] as const)("%s: in doubt is %s", (_name, carried, expected) => {
    expect(follow(60, () => carried).last !== null).toBe(expected);
  });

  test("the doubt says how many, of which service, and what they carry", () => {
    expect(follow(3, () => ({ [key("gpt-4o", "4")]: 40, [key("gpt-5", "4")]: 10 })).last).toBe(
      "150 of the newest 450 calls of shop (33.3%) fit no arm and are in no rule: gpt-4o with prompt checkout@4 (80%), gpt-5 with prompt checkout@4 (20%)",
    );
  });

  test("fewer are counted in a note", () => {
    expect(follow(10, () => ({ [key("gpt-4.1")]: 1 })).notes).toEqual([
      "10 of the newest 1010 calls of shop (0.99%) fit no arm and are in no rule: gpt-4.1 with prompt checkout@3",
    ]);
    expect(follow(10, () => ({})).notes).toEqual([]);
  });

  test("it ends by itself within minutes of the last of them", () => {
    const { doubts } = follow(60, (at) => (at < 30 ? { [key("gpt-4.1")]: 50 } : {}));
    expect(doubts[29]).not.toBeNull();
    expect(doubts.lastIndexOf(doubts.findLast((text) => text !== null) ?? "")).toBeLessThan(42);
    expect(doubts.at(-1)).toBeNull();
  });

  test("what begins on day five is found within minutes", () => {
    const first = follow(7300, (at) => (at < 7200 ? {} : { [key("gpt-4.1")]: 11 })).doubts.findIndex(
      (text) => text !== null,
    );
    expect(first).toBeGreaterThanOrEqual(7200);
    expect(first).toBeLessThan(7215);
  });
});

describe("another use of the service, known from before the start", () => {
  const CLASSIFIER = { [key("gpt-4o-mini", "")]: 50 };
  test("is no doubt, and what is new beside it is", () => {
    expect(follow(60, () => CLASSIFIER, CLASSIFIER).last).toBeNull();
    expect(follow(60, () => ({ ...CLASSIFIER, [key("gpt-4.1")]: 20 }), CLASSIFIER).last).toContain("gpt-4.1");
    expect(follow(60, () => CLASSIFIER).last).not.toBeNull();
  });

  test("is not the arms' own model with a prompt the document does not know", () => {
    const edited = { [key("gpt-4o", "4")]: 50 };
    expect(follow(60, () => edited, edited).last).not.toBeNull();
  });
});

test("values of whatever kind stay few, and the line short", () => {
  const many = (at: number): Carried =>
    Object.fromEntries(Array.from({ length: 50 }, (_, i) => [key(`m-${at}-${i}-${"y".repeat(180)}`), 1]));
  const { last } = follow(500, many);
  expect(last).toContain("47 more");
  expect(last?.length ?? 0).toBeLessThan(700);
});

test("nothing is clear while it stands, harm is judged on, and old ticks say nothing of it", () => {
  const engine = createEngine(DOCUMENT);
  const samples = [rate("error", "canary", 50, 0), rate("error", "baseline", 50, 0)];
  const step = (at: number, intake: object, canary = 0) =>
    engine.step(
      tick(at, [rate("error", "canary", 50, canary), samples[1] ?? rate("error", "baseline", 50, 0)], {
        share: 0.5,
        intake,
      }),
      "outcome",
    );
  for (let at = 0; at < 20; at++) step(at, {});
  expect(step(20, {}).verdicts[0]?.outcome).toBe("clear");
  const astray = { unassigned: { calls: 50, own: 100, carried: { [key("gpt-4.1")]: 50 } } };
  for (let at = 21; at < 25; at++) step(at, astray);
  expect(step(25, astray).verdicts[0]).toMatchObject({ outcome: "undecided", why: "calls-of-no-arm" });
  const ill = Array.from({ length: 20 }, (_, i) => step(26 + i, astray, 25).verdicts[0]?.outcome);
  expect(ill).toContain("breach");
});
