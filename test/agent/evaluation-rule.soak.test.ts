import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderExplanation } from "../../cli/render/explain.ts";
import type { SpanRow } from "../../core/span-row.ts";
import type { Verdict } from "../../core/verdict.ts";
import { explain } from "../../status/explanation.ts";
import { renderMetrics } from "../../status/metrics.ts";
import { collectorStats } from "../doubles/collector-stats.ts";
import { aBatch, aSpan } from "../store/a-span.ts";
import { anOutcome, anOutcomeBatch } from "../store/an-outcome.ts";
import { openTestStore, type TestStore } from "../store/test-store.ts";
import { MODELS, type RunnerAgent, type RunnerWorld, runnerWorld, TICK_MS } from "./runner-world.ts";

let database: TestStore;
beforeAll(async () => {
  database = await openTestStore();
});
afterAll(() => database.end());

/** The scores of an arm's calls; null for a call that nobody scored. */
type ScoreOf = (call: number) => number | null;

interface Scored {
  readonly canary: ScoreOf;
  readonly baseline: ScoreOf;
  readonly name?: string;
}

const RULE = "rules: [{ signal: evaluation.groundedness, limit: 5, unit: points, severity: rollback }]";
const CALLS = { canary: 20, baseline: 80 } as const;

/** `ticks` times: calls of both arms, their scores a second later, and a round. */
const run = async (
  world: RunnerWorld,
  agent: RunnerAgent,
  ticks: number,
  { name = "groundedness", ...scores }: Scored,
): Promise<void> => {
  for (let tick = 0; tick < ticks; tick++) {
    const end_ms = world.now() + TICK_MS - 3000;
    const arm = (cohort: "canary" | "baseline"): readonly (readonly [SpanRow, number | null])[] =>
      Array.from({ length: CALLS[cohort] }, (_, i) => [
        aSpan({
          migration: world.migration.name,
          cohort,
          ...MODELS[cohort],
          start_ms: end_ms - 100,
          end_ms,
          received_ms: end_ms,
        }),
        scores[cohort](i),
      ]);
    const calls = [...arm("canary"), ...arm("baseline")];
    const outcomes = calls.flatMap(([{ trace_id, span_id }, value]) =>
      value === null ? [] : [anOutcome({ trace_id, span_id, name, value, received_ms: end_ms + 1000 })],
    );
    await world.store.insertSpans(aBatch(calls.map(([span]) => span)));
    if (outcomes.length > 0) await world.store.insertOutcomes(anOutcomeBatch(outcomes));
    await world.run(agent, 1);
  }
};

const started = async (rules: string = RULE): Promise<readonly [RunnerWorld, RunnerAgent]> => {
  const world = runnerWorld(database.store(), { rules });
  const agent = world.agent();
  await world.run(agent, 1);
  return [world, agent];
};

const verdictOf = (agent: RunnerAgent): Verdict | undefined => agent.runner.detector.latest()?.verdicts[0];

const GOOD: ScoreOf = (i) => 0.8 + (i % 5) / 40;
const POOR: ScoreOf = (i) => 0.3 + (i % 5) / 40;

describe("a migration with a rule about an evaluation", () => {
  it("is rolled back when the canary's scores drop, and says by which rule everywhere", async () => {
    const [world, agent] = await started();
    await run(world, agent, 3, { canary: GOOD, baseline: GOOD });
    expect(agent.runner.history.state().rollback).toBeNull();
    await run(world, agent, 8, { canary: POOR, baseline: GOOD });
    expect(world.target.writes).toEqual([0.2, 0]);
    const [decision] = (await world.events("decision")).filter(({ decision: { kind } }) => kind === "rollback");
    expect(decision).toMatchObject({
      decision: { rule: "evaluation.groundedness" },
      judgement: { verdicts: [{ outcome: "breach", evidence: { method: "two-arm-betting" } }] },
    });
    expect(agent.told.find(({ type }) => type === "rollback")?.summary).toContain("evaluation.groundedness");

    const snapshot = agent.runner.snapshot();
    expect(renderExplanation(explain(snapshot))).toContain(
      "evaluation.groundedness at most 5 points below the baseline",
    );
    expect(renderMetrics(collectorStats({}), [snapshot])).toContain('rule="evaluation.groundedness"');
  });

  it("is clear while the scores are alike, and goes on to the next stage", async () => {
    const [world, agent] = await started(
      "rules: [{ signal: evaluation.groundedness, limit: 30, unit: points, severity: rollback }]",
    );
    await run(world, agent, 14, { canary: GOOD, baseline: GOOD });
    const [decision] = await world.events("decision");
    expect(decision).toMatchObject({
      decision: { kind: "advance" },
      judgement: { verdicts: [{ rule: "evaluation.groundedness", outcome: "clear" }] },
    });
    expect(world.target.writes).toEqual([0.2, 0.5]);
  });

  it.each<[string, string, Partial<Scored> & { readonly rule?: string }]>([
    ["nothing of the name arrives", "no-data", { name: "Groundedness" }],
    ["nobody scores the canary", "no-data", { canary: () => null }],
    ["nobody scores the baseline", "no-data", { baseline: () => null }],
    ["no score is a share", "no-data", { canary: () => 4, baseline: () => 5 }],
  ])("is undecided while %s: %s", async (_what, why, scored) => {
    const [world, agent] = await started();
    await run(world, agent, 4, { canary: POOR, baseline: GOOD, ...scored });
    expect(verdictOf(agent)).toMatchObject({ rule: "evaluation.groundedness", outcome: "undecided", why });
    expect(world.target.writes).toEqual([0.2]);
  });

  it("judges passed and failed as the share that passed, and upwards where the rule says so", async () => {
    const [world, agent] = await started(
      "rules: [{ signal: evaluation.flagged, limit: 5, unit: points, direction: increase, severity: rollback }]",
    );
    await run(world, agent, 8, { name: "flagged", canary: (i) => (i % 2 === 0 ? 1 : 0), baseline: () => 0 });
    expect(world.target.writes).toEqual([0.2, 0]);
    const [decision] = (await world.events("decision")).filter(({ decision: { kind } }) => kind === "rollback");
    expect(decision?.judgement?.verdicts[0]?.evidence.value).toEqual({ canary: 0.5, baseline: 0 });
  });

  it("is judged the same after a restart, from the stored ticks", async () => {
    const [world, agent] = await started();
    await run(world, agent, 4, { canary: GOOD, baseline: GOOD });
    const again = world.agent();
    await run(world, agent, 1, { canary: GOOD, baseline: GOOD });
    await again.runner.round();
    expect(verdictOf(again)).toEqual(verdictOf(agent));
    expect(verdictOf(again)?.evidence.n).toEqual({ canary: 80, baseline: 320 });
  });
});
