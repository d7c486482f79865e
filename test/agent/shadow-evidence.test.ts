import { describe, expect, it } from "vitest";
import { withShadow } from "../../agent/shadow-evidence.ts";
import type { TickDetector } from "../../agent/tick-detector.ts";
import type { Judgement, ShadowEvidence } from "../../core/verdict.ts";
import { NOT_STARTED } from "../../lifecycle/state.ts";
import { aMigration } from "../fixtures/a-migration.ts";

const migration = aMigration({
  stages: [
    { kind: "shadow", mirrored: 1, forMs: 1000, approval: false },
    { kind: "canary", share: 0.05, forMs: 1000, approval: false },
  ],
});
const CLEAR: ShadowEvidence = { outcome: "clear", reason: "900 of 900 pairs were as good" };
const judgedAt = (stage: number): Judgement => ({ migration: migration.name, at: 1, stage, verdicts: [] });

const detectorOf = (judgement: Judgement | null): TickDetector => ({
  catchUp: async () => judgement,
  ...{ latest: () => judgement, isBehind: () => false, judged: () => 7, lastTick: () => 1 },
});
const over = (judgement: Judgement | null, read?: () => ShadowEvidence | null): TickDetector =>
  withShadow(detectorOf(judgement), { migration: () => migration }, read);

describe("what is measured of a shadow", () => {
  it.each<[string, Judgement | null, (() => ShadowEvidence | null) | undefined, ShadowEvidence | undefined]>([
    ["is in the judgement of a shadow stage", judgedAt(0), () => CLEAR, CLEAR],
    ["is in no judgement of another stage", judgedAt(1), () => CLEAR, undefined],
    ["is in none before the first stage", judgedAt(-1), () => CLEAR, undefined],
    ["is missing while nothing is measured", judgedAt(0), () => null, undefined],
    ["is missing where nobody measures", judgedAt(0), undefined, undefined],
  ])("%s", async (_what, judgement, read, shadow) => {
    const detector = over(judgement, read);
    const expected = shadow === undefined ? judgement : { ...judgement, shadow };
    expect(detector.latest()).toEqual(expected);
    expect(await detector.catchUp(NOT_STARTED, 1)).toEqual(expected);
    expect(detector.latest()).toHaveProperty("stage", judgement?.stage);
  });

  it("is asked for anew each time, and makes no judgement where there is none", () => {
    const answers = [CLEAR, { outcome: "undecided", reason: "too few" } as const];
    const detector = over(judgedAt(0), () => answers.shift() ?? null);
    expect([detector.latest()?.shadow?.outcome, detector.latest()?.shadow?.outcome]).toEqual(["clear", "undecided"]);
    expect(over(null, () => CLEAR).latest()).toBeNull();
    expect(detector.judged()).toBe(7);
  });
});
