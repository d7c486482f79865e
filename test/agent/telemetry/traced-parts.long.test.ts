import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tracedChannel } from "../../../agent/telemetry/traced-channel.ts";
import { tracedFlag } from "../../../agent/telemetry/traced-flag.ts";
import { tracedRunner } from "../../../agent/telemetry/traced-runner.ts";
import { tracedStore } from "../../../agent/telemetry/traced-store.ts";
import type { Channel } from "../../../alerts/channels/channel.ts";
import type { Delivery, Notice } from "../../../core/notice.ts";
import type { Store } from "../../../store/store.ts";
import { fickleFlagTarget } from "../../doubles/fickle-flag-target.ts";
import { openTestStore, type TestStore } from "../../store/test-store.ts";
import { HEALTHY, ILL, runnerWorld } from "../runner-world.ts";
import { recordingTelemetry } from "./recording-telemetry.ts";

describe("a round that is told about", () => {
  let database: TestStore;
  beforeAll(async () => {
    database = await openTestStore();
  });
  afterAll(() => database.end());

  it("says how many ticks it judged, what was decided, and what kept it from its work", async () => {
    const world = runnerWorld(database.store());
    const { telemetry, told } = recordingTelemetry();
    const agent = world.agent({ store: tracedStore(world.store, telemetry) });
    const traced = { ...agent, runner: tracedRunner(agent.runner, telemetry) };
    await world.run(traced, 3, HEALTHY);
    await world.run(traced, 3, ILL);
    world.store.behave("fail");
    await world.run(traced, 1);
    world.store.behave("work");
    await world.run(traced, 1);

    const rounds = told.filter(({ work }) => work.name === "round");
    const judged = rounds.reduce((sum, { ending }) => sum + Number(ending.facts?.ticks), 0);
    expect(judged).toBe(agent.runner.detector.judged());
    expect(judged).toBeGreaterThan(4);
    expect(rounds.map(({ ending }) => ending.facts?.decision).filter((kind) => kind !== "continue")).toEqual([
      "rollback",
    ]);
    const failed = rounds.filter(({ ending }) => ending.outcome === "failed");
    expect(failed).toMatchObject([{ work: { labels: { migration: world.migration.name } } }]);
    expect(failed[0]?.ending.problem).toContain("the store is down");
    const folds = told.filter(({ work, ending }) => work.name === "fold" && ending.facts?.calls === 100);
    expect(folds.length).toBeGreaterThan(3);
  });
});

describe("what is told about", () => {
  it("is a write to a flag, however it ends, and no read", async () => {
    const { telemetry, told } = recordingTelemetry();
    const flags = fickleFlagTarget();
    const flag = tracedFlag(flags, "m", telemetry);
    const { revision } = (await flag.read()) as { readonly revision: string };
    await flag.setShare(0.2, { revision });
    await flag.setShare(0.2, null);
    await flag.setShare(0.5, { revision });
    flags.behave("fail");
    await flag.setShare(0, null);
    expect(told.map(({ work, ending }) => [work.facts?.share, ending.outcome, ending.problem])).toEqual([
      [0.2, "written", ""],
      [0.2, "unchanged", ""],
      [0.5, "failed", "conflict: changed"],
      [0, "failed", "transient: the flag system is down"],
    ]);
    expect(told[0]?.work).toMatchObject({ labels: { migration: "m" }, facts: { flag: "model", target: "prod" } });
    expect(flags.writes).toEqual([0.2]);
  });

  it.each<[Delivery, string]>([
    [{ outcome: "delivered", detail: "HTTP 200" }, ""],
    [{ outcome: "retry", detail: "HTTP 503", retryAfterMs: null }, "HTTP 503"],
    [{ outcome: "failed", detail: "HTTP 410" }, "HTTP 410"],
  ])("is a try to deliver: %j, without a word of the notice", async (delivery, problem) => {
    const { telemetry, told } = recordingTelemetry();
    const seen: (number | undefined)[] = [];
    const plain: Channel = {
      name: "people",
      accepts: ["page"],
      send: async (_, { number }) => {
        seen.push(number);
        return delivery;
      },
    };
    const notice: Notice = {
      ...{ id: "n1", at: 1, type: "page", migration: "m", incident: "i", title: "a title", summary: "a summary" },
      ...{ severity: "critical", phase: "open", facts: [["a fact", "its value"]], link: "https://agent.example/" },
      ...{ sections: [["What happened", "a summary"]], links: [] },
    };
    const channel = tracedChannel(plain, telemetry);
    expect(await channel.send(notice, { signal: AbortSignal.timeout(60_000), number: 3 })).toBe(delivery);
    expect(seen).toEqual([3]);
    expect(told).toEqual([
      {
        work: {
          name: "delivery",
          labels: { channel: "people" },
          facts: { attempt: 3, migration: "m", notice: "n1", type: "page" },
        },
        ending: { outcome: delivery.outcome, problem },
      },
    ]);
  });

  it("is a fold, of monitors too, and how many spans the store took", async () => {
    const { telemetry, told, stored } = recordingTelemetry();
    const tick = {
      calls: [
        { cohort: "canary", segment: "", calls: 3 },
        { cohort: "canary", segment: "a=b", calls: 2 },
      ],
    };
    const double = {
      foldTick: async () => tick,
      foldPast: async () => tick,
      insertSpans: async () => ({ refused: [new Uint8Array()] }),
      monitors: { foldPast: async () => [], foldSlice: () => Promise.reject(new Error("the store is down")) },
    };
    const store = tracedStore(double as unknown as Store, telemetry);
    const monitor = { monitor: { name: "support" }, from: 1, to: 2, origin: 0 } as never;
    expect(await store.foldTick({ migration: "m", from: 1, to: 2 } as never)).toBe(tick);
    expect(await store.foldPast({ migration: { name: "m" }, from: 1, to: 2 } as never)).toBe(tick);
    await store.monitors.foldPast(monitor);
    await expect(store.monitors.foldSlice(monitor)).rejects.toThrow("the store is down");
    await store.insertSpans({ token: "t", lines: "", rows: 5 });
    expect(told.map(({ work, ending }) => [work.labels, work.facts, ending])).toEqual([
      [{ migration: "m" }, { from_ms: 1, to_ms: 2 }, { outcome: "done", problem: "", facts: { calls: 3 } }],
      [{ migration: "m" }, { from_ms: 1, to_ms: 2 }, { outcome: "done", problem: "", facts: { calls: 3 } }],
      [{ monitor: "support" }, { from_ms: 1, to_ms: 2 }, { outcome: "done", problem: "", facts: {} }],
      [{ monitor: "support" }, { from_ms: 1, to_ms: 2 }, { outcome: "failed", problem: "the store is down" }],
    ]);
    expect(stored()).toBe(4);
  });
});
