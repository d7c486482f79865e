import { expect, it } from "vitest";
import { createCounters } from "../../collector/collector-stats.ts";
import type { CollectorStats } from "../../core/collector-stats.ts";
import { statusView } from "../../status/status-of-agent.ts";
import { collectorStats, emptySpool } from "../doubles/collector-stats.ts";

const pipelineOf = async (stats: Partial<CollectorStats>) => {
  const view = await statusView(
    { now: 0, startedAt: 0, version: "1" },
    {
      store: { freshness: () => Promise.reject(new Error("not asked for")) },
      migrations: [],
      collector: { stats: () => collectorStats(stats) },
      monitors: () => [],
      problems: async () => [],
    },
  );
  return new Map(view.pipeline.map(({ name, value, alarming }) => [name, { value, alarming }]));
};

it("alarms nobody while nothing is refused", async () => {
  expect([...(await pipelineOf({})).values()].filter(({ alarming }) => alarming)).toEqual([]);
});

it("shows what was refused, how much of it for its age, and what the store refused", async () => {
  const refused = { ...createCounters().refused, "too-old": 20_000, "too-large": 2 };
  const pipeline = await pipelineOf({ refused, setAsideRows: 3, earlierSpool: { ...emptySpool, rows: 7 } });
  expect(pipeline.get("requests or spans refused")).toEqual({ value: 20_002, alarming: true });
  expect(pipeline.get("of them older than what is kept")).toEqual({ value: 20_000, alarming: true });
  expect(pipeline.get("rows the store refused")).toEqual({ value: 3, alarming: true });
  expect(pipeline.get("waiting for the store")).toEqual({ value: 7, alarming: false });
});
