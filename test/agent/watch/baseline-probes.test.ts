import { describe, expect, it } from "vitest";
import type { SentinelSettings } from "../../../agent/config/monitor-schema.ts";
import { createBaselineProbes } from "../../../agent/watch/baseline-probes.ts";

const NOW = Date.UTC(2026, 10, 30, 12);
const MINUTE = 60_000;
const sentinel = (model: string, cron = "0 * * * *"): SentinelSettings => ({
  ...{ cron, probes: "p", url: "http://127.0.0.1:1/", model, apiKey: "", budget: { callsPerDay: 9, usdPerDay: null } },
  ...{ maxTokens: 1, timeout: 1 },
});
const call = (minutesAgo: number, error: 0 | 1 = 0, error_type = "") => ({
  ...{ run: NOW - minutesAgo * MINUTE, end_ms: NOW - minutesAgo * MINUTE + 500, error, error_type },
});

const world = (
  monitors: Readonly<Record<string, SentinelSettings | null>>,
  calls: Readonly<Record<string, readonly ReturnType<typeof call>[]>> = {},
) => {
  const asked: (readonly [string, number])[] = [];
  const read = createBaselineProbes(
    Object.entries(monitors).map(([name, each]) => ({ name, sentinel: each })),
    {
      now: () => NOW,
      store: {
        monitors: {
          probeCalls: async (name, since) => {
            asked.push([name, since]);
            return (calls[name] ?? []).filter(({ end_ms }) => end_ms >= since) as never;
          },
        },
      },
    },
  );
  return { read, asked };
};

describe("what sentinels heard of a model", () => {
  it("is none where none asks it, and nobody is asked then", async () => {
    const { read, asked } = world({ plain: null, other: sentinel("gpt-5") });
    expect(await read("gpt-4o")).toBe("none");
    expect(asked).toEqual([]);
    expect(await world({}).read("gpt-4o")).toBe("none");
  });

  it("is its newest run, whatever the runs before said", async () => {
    const calls = { old: [call(65, 1, "500"), call(5), call(5, 1, "timeout"), call(5)] };
    expect(await world({ old: sentinel("gpt-4o") }, calls).read("gpt-4o")).toEqual({
      ...{ monitor: "old", periodMs: 60 * MINUTE },
      newest: { at: NOW - 5 * MINUTE + 500, asked: 3, answered: 2, error: "timeout" },
    });
  });

  it("is nothing of what is older than two of its periods", async () => {
    const { read, asked } = world({ old: sentinel("gpt-4o") }, { old: [call(131)] });
    expect(await read("gpt-4o")).toMatchObject({ newest: null });
    expect(asked).toEqual([["old", NOW - 130 * MINUTE]]);
  });

  it("is that of the one which asked last, of several", async () => {
    const monitors = { a: sentinel("gpt-4o"), b: sentinel("gpt-4o", "*/10 * * * *"), c: sentinel("gpt-4o") };
    expect(await world(monitors, { a: [call(50)], b: [call(4)] }).read("gpt-4o")).toMatchObject({ monitor: "b" });
  });
});
