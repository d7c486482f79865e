import { describe, expect, it } from "vitest";
import { raisesNothing } from "../../core/audience.ts";
import { exposureText } from "../../lifecycle/exposure-text.ts";
import { advancedTo } from "../../lifecycle/moves.ts";
import { judgedAudience } from "../../lifecycle/stages.ts";
import { desiredExposure, judgedFrom, type MigrationState, NOT_STARTED } from "../../lifecycle/state.ts";
import { takeUp } from "../../lifecycle/take-up.ts";
import { documentText, migrationOf } from "../agent/config/documents.ts";

const of = (stages: string) =>
  migrationOf(documentText({ segments: "segments: [tier]", stages: `stages: [${stages}]` }));
const canary = (share: number, tier?: string): string =>
  `{ canary: ${share}%, for: 1h${tier === undefined ? "" : `, segment: { tier: ${tier} }`} }`;
const PLAN = of(`{ baseline: 1h }, ${canary(5, "internal")}, ${canary(5, "low")}, ${canary(25)}, ${canary(50)}`);
const at = (stage: number, migration = PLAN): MigrationState => ({
  ...NOT_STARTED,
  hash: migration.hash,
  since: 1,
  stage,
});

describe("a migration through stages for segments", () => {
  it("serves each its own people, and nobody after a rollback", () => {
    const texts = [-1, 0, 1, 2, 3, 5].map((stage) => exposureText(desiredExposure(PLAN, at(stage))));
    expect(texts).toEqual(["0%", "0%", "5% of tier internal", "5% of tier low", "25%", "50%"]);
    const open = { incident: "i", decidedAt: 2 } as unknown as MigrationState["rollback"];
    expect(desiredExposure(PLAN, { ...at(1), rollback: open })).toEqual({ share: 0, audience: null });
  });

  it("learns the baseline of those who meet the candidate first", () => {
    const whom = [-1, 0, 1, 2, 3, 4, 5].map((stage) => judgedAudience(PLAN.stages, stage)?.values[0] ?? "all");
    expect(whom).toEqual(["internal", "internal", "internal", "low", "all", "all", "all"]);
  });

  it("is judged anew by each stage for other people, and goes on where they are the same", () => {
    const from = [0, 1, 2, 3].map((stage) => judgedFrom(advancedTo(at(stage), PLAN, stage + 1, 100)));
    expect(from).toEqual([1, 100, 100, 1]);
  });
});

describe("a revision in the middle of a stage for a segment", () => {
  it.each<[string, string, string | null]>([
    ["the segment widens to everybody at the same share", canary(5), null],
    ["another segment", canary(5, "low"), null],
    ["a value more", `{ canary: 5%, for: 1h, segment: { tier: [internal, low] } }`, null],
    ["a lower share of the same", `${canary(1, "internal")}, ${canary(5)}`, "1% of tier internal"],
    ["the same stage, and others after it", `${canary(5, "internal")}, ${canary(25)}`, "5% of tier internal"],
  ])("%s", (_what, stages, expected) => {
    const taken = takeUp(PLAN, of(stages), at(1));
    const served = "revision" in taken ? of(stages).stages[taken.revision.stage] : undefined;
    if (expected === null)
      expect(taken).toEqual({ problem: expect.stringMatching(/more than the 5% of tier internal of now/) });
    else expect(served === undefined ? "" : exposureText(served as never)).toBe(expected);
  });

  it("is judged anew where it narrows to other people, and nobody has more by it", () => {
    const after = of(`${canary(5, "internal")}, ${canary(50)}`);
    expect(takeUp(PLAN, after, at(3))).toMatchObject({ revision: { stage: 0, restarts: true } });
    expect(takeUp(PLAN, after, at(1))).toMatchObject({ revision: { stage: 0, restarts: false } });
  });

  it("raises nothing for anybody, whatever both plans are", () => {
    const tiers = [undefined, "internal", "low"];
    const shares = [1, 5, 25, 100];
    const all = shares.flatMap((share) => tiers.map((tier) => canary(share, tier)));
    const plans = [...all.map((each) => of(each)), PLAN, of(`${canary(100, "internal")}, ${canary(5)}, ${canary(25)}`)];
    for (const [before, after] of plans.flatMap((a) => plans.map((b) => [a, b] as const))) {
      for (let stage = -1; stage <= before.stages.length; stage++) {
        const taken = takeUp(before, after, at(stage, before));
        if (!("revision" in taken)) continue;
        const then = { ...at(taken.revision.stage, after) };
        expect(raisesNothing(desiredExposure(before, at(stage, before)), desiredExposure(after, then))).toBe(true);
      }
    }
  });
});
