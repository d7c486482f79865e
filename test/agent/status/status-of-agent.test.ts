import { expect, it } from "vitest";
import { statusView } from "../../../agent/status/status-of-agent.ts";
import { type CollectorStats, createCounters } from "../../../collector/collector-stats.ts";

const SPOOL = { rows: 0, oldestUnsavedMs: null, insertFailures: 0 };

const pipelineOf = async (stats: object) => {
  const all = { ...createCounters(), spool: SPOOL, earlierSpool: SPOOL, setAsideRows: 0, exporters: [], ...stats };
  const view = await statusView(
    { now: 0, startedAt: 0, version: "1" },
    {
      store: { freshness: () => Promise.reject(new Error("not asked for")) },
      runners: [],
      collector: { stats: () => all as unknown as CollectorStats },
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
  const pipeline = await pipelineOf({ refused, setAsideRows: 3, earlierSpool: { ...SPOOL, rows: 7 } });
  expect(pipeline.get("requests or spans refused")).toEqual({ value: 20_002, alarming: true });
  expect(pipeline.get("of them older than what is kept")).toEqual({ value: 20_000, alarming: true });
  expect(pipeline.get("rows the store refused")).toEqual({ value: 3, alarming: true });
  expect(pipeline.get("waiting for the store")).toEqual({ value: 7, alarming: false });
});
