import { describe, expect, test } from "vitest";
import { FAILURES, heavyWorld, type Minute } from "../../bench/detection/heavy-world.ts";
import type { Verdict } from "../../core/verdict.ts";

const HEALTHY = { canary: { calls: 20, fails: 0.01 }, baseline: { calls: 380, fails: 0.01 } };
const ILL = { ...HEALTHY, canary: { calls: 20, fails: 0.2 } };
const W = "user:00112233aabbccdd";

const quiet: Minute = { others: HEALTHY, heavy: {} };
const firstBreach = (verdicts: readonly Verdict[]): Verdict | undefined =>
  verdicts.find(({ outcome }) => outcome === "breach");
const agreeing = (verdicts: readonly Verdict[]): number =>
  verdicts.findIndex(({ outcome, evidence }) => outcome === "breach" && evidence.withoutHeaviest?.agrees !== false);
const SEEDS = [1, 2, 3, 4, 5];

describe("a user who makes half of the calls, and fails", () => {
  const from =
    (start: number, heavy: Minute["heavy"], others = HEALTHY) =>
    (minute: number): Minute =>
      minute < start ? quiet : { others, heavy };

  test.each([
    ["from the beginning", 0],
    ["right after an estimate of ten minutes", 11],
    ["after ten healthy hours", 600],
  ])("in the canary alone, %s: the breach rests on one user", (_, start) => {
    for (const seed of SEEDS) {
      const verdicts = heavyWorld(start + 60, seed, from(start, { canary: { [W]: { calls: 20, fails: 1 } } }));
      const breach = firstBreach(verdicts);
      expect(breach?.evidence.withoutHeaviest).toMatchObject({
        agrees: false,
        removed: [{ arm: "canary", cluster: W }],
      });
      expect(agreeing(verdicts)).toBe(-1);
    }
  });

  test("a conversation is told as one", () => {
    const verdicts = heavyWorld(30, 1, from(5, { canary: { "conversation:ff": { calls: 20, fails: 1 } } }));
    expect(firstBreach(verdicts)?.evidence.withoutHeaviest?.removed[0]?.cluster).toBe("conversation:ff");
  });

  test("who makes few calls and most of the failures is one draw as well", () => {
    for (const seed of SEEDS) {
      const verdicts = heavyWorld(180, seed, from(11, { canary: { [W]: { calls: 2, fails: 1 } } }));
      expect(firstBreach(verdicts)?.evidence.withoutHeaviest?.agrees).toBe(false);
      expect(agreeing(verdicts)).toBe(-1);
    }
  });

  test("in a canary that is ill for everybody: the rest agrees, within minutes of the breach", () => {
    for (const seed of SEEDS) {
      const verdicts = heavyWorld(90, seed, from(30, { canary: { [W]: { calls: 20, fails: 0.2 } } }, ILL));
      const breach = verdicts.findIndex(({ outcome }) => outcome === "breach");
      expect(breach).toBeGreaterThanOrEqual(30);
      expect(agreeing(verdicts)).toBeGreaterThanOrEqual(breach);
      expect(agreeing(verdicts) - breach).toBeLessThanOrEqual(10);
    }
  });

  test("in the baseline alone hides no harm from everybody else", () => {
    const effects = { designEffects: { error: 400 }, restEffects: { designEffects: { error: 1.2 } } };
    for (const seed of SEEDS) {
      const whale = { baseline: { [W]: { calls: 380, fails: 0.6 } } };
      const verdicts = heavyWorld(90, seed, (minute) => ({
        ...from(10, whale, minute < 30 ? HEALTHY : ILL)(minute),
        ...(minute % 10 === 0 ? { effects: minute < 20 ? { designEffects: { error: 1 } } : effects } : {}),
      }));
      expect(agreeing(verdicts)).toBeGreaterThanOrEqual(30);
      expect(firstBreach(verdicts)?.evidence.withoutHeaviest).toMatchObject({
        agrees: true,
        removed: [{ arm: "baseline" }],
      });
    }
  });

  test("in the baseline of a healthy canary breaks nothing", () => {
    for (const seed of SEEDS) {
      const verdicts = heavyWorld(600, seed, from(10, { baseline: { [W]: { calls: 380, fails: 0.6 } } }));
      expect(firstBreach(verdicts)).toBeUndefined();
    }
  });

  test("five of them are five draws, and no longer one", () => {
    const five = Object.fromEntries([1, 2, 3, 4, 5].map((i) => [`user:${i}`, { calls: 8, fails: 0.5 }]));
    const verdicts = heavyWorld(60, 1, from(20, { canary: five }));
    expect(agreeing(verdicts)).toBeGreaterThanOrEqual(20);
  });

  test("where there is nobody else, nothing agrees", () => {
    const alone = { canary: { calls: 0, fails: 0 }, baseline: { calls: 0, fails: 0 } };
    const verdicts = heavyWorld(60, 1, () => ({
      others: alone,
      heavy: { canary: { [W]: { calls: 20, fails: 0.5 } }, baseline: { [W]: { calls: 380, fails: 0.01 } } },
    }));
    expect(firstBreach(verdicts)?.evidence.withoutHeaviest).toMatchObject({ agrees: false, n: { canary: 0 } });
    expect(agreeing(verdicts)).toBe(-1);
  });

  test("of calls without ids nothing is said, and everything is as it was", () => {
    const verdicts = heavyWorld(60, 1, from(5, { canary: { [W]: { calls: 20, fails: 1 } } }), { isTold: false });
    expect(firstBreach(verdicts)).toBeDefined();
    expect(firstBreach(verdicts)?.evidence).not.toHaveProperty("withoutHeaviest");
  });

  test("of a rate that may not drop, whose calls bring it down", () => {
    const rule = { ...FAILURES, id: "valid", signal: "json_valid", direction: "drop" } as const;
    const good = { canary: { calls: 20, fails: 0.99 }, baseline: { calls: 380, fails: 0.99 } };
    const verdicts = heavyWorld(
      60,
      1,
      (minute) => ({ others: good, heavy: minute < 20 ? {} : { canary: { [W]: { calls: 4, fails: 0 } } } }),
      { rule },
    );
    expect(firstBreach(verdicts)?.evidence.withoutHeaviest?.agrees).toBe(false);
  });
});

test("somebody heavy whose calls are like everybody's changes no clear", () => {
  const verdicts = heavyWorld(1500, 3, () => ({
    others: HEALTHY,
    heavy: { canary: { [W]: { calls: 20, fails: 0.01 } }, baseline: { "user:b": { calls: 380, fails: 0.01 } } },
  }));
  expect(firstBreach(verdicts)).toBeUndefined();
  expect(verdicts.at(-1)?.outcome).toBe("clear");
});
