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

it("says whether better spans of calls came in time, to those who have some", async () => {
  const names = ["calls whose better span came in time", "calls whose better span came too late"];
  const none = await pipelineOf({});
  expect(names.filter((name) => none.has(name))).toEqual([]);
  const some = await pipelineOf({ exchanged: 3, betterTooLate: 2 });
  expect(names.map((name) => some.get(name)?.value)).toEqual([3, 2]);
});

it("shows what was refused, how much of it for its age, and what the store refused", async () => {
  const refused = { ...createCounters().refused, "too-old": 20_000, "too-large": 2 };
  const pipeline = await pipelineOf({ refused, setAsideRows: 3, earlierSpool: { ...emptySpool, rows: 7 } });
  expect(pipeline.get("requests or spans refused")).toEqual({ value: 20_002, alarming: true });
  expect(pipeline.get("of them older than what is kept")).toEqual({ value: 20_000, alarming: true });
  expect([...pipeline.keys()].filter((name) => name.includes("nanoseconds"))).toEqual([]);
  const units = await pipelineOf({ refused: { ...refused, "milliseconds-as-nanoseconds": 5 } });
  expect(units.get("of them with times in milliseconds instead of nanoseconds")).toEqual({ value: 5, alarming: true });
  expect(pipeline.get("rows the store refused")).toEqual({ value: 3, alarming: true });
  expect(pipeline.get("waiting for the store")).toEqual({ value: 7, alarming: false });
});
