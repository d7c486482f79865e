// @module-tag soak
import { expect, it } from "vitest";
import { runClockScenario } from "./clock-scenario.ts";

it("a machine's clock ten minutes ahead for fifteen seconds delays no rollback, and people are told of it", async () => {
  const scenario = { place: "both", stepMs: 600_000, lastsMs: 15_000, patienceMs: 90_000 } as const;
  const { decidedMs, pagedMs, doubts, problems } = await runClockScenario(scenario);
  expect(decidedMs).not.toBeNull();
  expect(pagedMs).not.toBeNull();
  expect(doubts).toContain("clock-stepped");
  expect(problems.join("\n")).toMatch(/the clock of this machine was set 10 min ahead/);
});
