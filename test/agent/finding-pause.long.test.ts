// @module-tag soak
import { afterAll, beforeAll, expect, test } from "vitest";
import { renderExplanation } from "../../cli/render/explain.ts";
import { explain } from "../../status/explanation.ts";
import { openTestStore, type TestStore } from "../store/test-store.ts";
import { runnerWorld, type Traffic } from "./runner-world.ts";

let real: TestStore;
beforeAll(async () => {
  real = await openTestStore();
});
afterAll(() => real.end());

/** The canary answers in a code fence, from another prompt version; the model is the same. */
const MODEL = { request_model: "m", response_model: "m", prompt_name: "support" };
const FENCED: Traffic = {
  canary: 40,
  baseline: 60,
  canaryFields: { ...MODEL, code_fence: 1, prompt_version: "42" },
  baselineFields: { ...MODEL, prompt_version: "41" },
};
const DOCUMENT = {
  baseline: 'baseline: { model: m, prompt: { name: support, version: "41" } }',
  candidate: 'candidate: { model: m, prompt: { name: support, version: "42" } }',
  rules: "rules: [{ signal: output_shape, severity: pause }]",
};

test("an output that changed pauses the ramp; people are told what, since when, why, and where to look", async () => {
  const world = runnerWorld(real.store(), DOCUMENT);
  const agent = world.agent();
  await world.run(agent, 14, FENCED);
  const latest = agent.runner.detector.latest();
  const [found, ...others] = latest?.shape?.findings ?? [];
  expect(others).toEqual([]);
  expect(found).toMatchObject({ family: "code fence", feature: "code_fence", direction: "up", baseline: 0, canary: 1 });
  expect(latest?.shape?.attribution).toMatchObject({ changed: ["prompt"], text: "prompt" });

  const pause = agent.told.find(({ type }) => type === "pause");
  expect(pause?.title).toContain("code fence: code_fence up from 0% to 100%");
  expect(pause?.summary).toContain("what changed: prompt");
  expect(agent.runner.history.state().isPaused).toBe(true);

  const [example] = found?.exampleSpans ?? [];
  const [row] = await world.store.query<{ code_fence: number; cohort: string }>(
    "SELECT code_fence, cohort FROM llm_spans WHERE trace_id = {trace:String} AND span_id = {span:String}",
    { trace: example?.trace_id, span: example?.span_id },
  );
  expect(row).toEqual({ code_fence: 1, cohort: "canary" });

  const recorded = await world.events("finding");
  expect(recorded).toHaveLength(1);
  expect(recorded[0]?.finding.exampleSpans).toEqual(found?.exampleSpans);
  expect(recorded[0]?.text).toMatch(/^code fence: code_fence up from 0% to 100%.*; what changed: prompt$/);

  const { runner } = agent;
  const text = renderExplanation(explain(runner.snapshot()));
  expect(text).toContain("changed    prompt (prompt support@41 to support@42)");
  expect(text).toContain(`example  trace ${example?.trace_id}`);
});
