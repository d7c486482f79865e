import { expect, it } from "vitest";
import { partOfStage } from "../../../agent/forecast/part-of-stage.ts";
import { simulateStages } from "../../../agent/forecast/simulate-stages.ts";
import { documentText, migrationOf } from "../config/documents.ts";

const of = (stages: string) =>
  migrationOf(documentText({ segments: "segments: [tier]", stages: `stages: [${stages}]` }));

it("takes a stage for a segment for a part of the calls, and judges the stages for other people anew", () => {
  const plan = of("{ canary: 50%, for: 1h, segment: { tier: internal } }, { canary: 50%, for: 1h }");
  expect(plan.stages.map(partOfStage)).toEqual([0.1, 1]);
  const traffic = { callsPerDay: 100_000, users: 100_000 };
  const took = (migration: ReturnType<typeof of>) =>
    simulateStages(migration, traffic, 1).passages.map(({ tookMs }) => tookMs ?? Number.POSITIVE_INFINITY);
  const [internal = 0] = took(plan);
  const [everybody = 0] = took(of("{ canary: 50%, for: 1h }"));
  expect(internal).toBeGreaterThanOrEqual(everybody);
  expect(took(plan)).toHaveLength(2);
});
