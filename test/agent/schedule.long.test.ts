import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { MigrationRunner } from "../../agent/migration-runner.ts";
import { cronOf, type Schedule, startSchedule } from "../../agent/schedule.ts";
import type { Notifier } from "../../alerts/notifier.ts";
import { recordingLog } from "../store/recording-log.ts";

const open: Schedule[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((schedule) => schedule.stop()));
});

const runner = (name: string, round: () => Promise<void>): MigrationRunner =>
  ({ migration: { name }, round }) as unknown as MigrationRunner;

const start = async (
  runners: readonly MigrationRunner[],
  pump: () => Promise<void> = async () => undefined,
  now = Date.now,
) => {
  const { log, messages } = recordingLog();
  const schedule = await startSchedule(
    { tickMs: 1_000, settleMs: 2_000 },
    { runners: () => runners, notifier: { pump } as unknown as Notifier, log, now },
  );
  open.push(schedule);
  return { schedule, messages };
};

describe("the schedule", () => {
  it.each([
    [1_000, 2_000, "*/1 * * * * *"],
    [5_000, 0, "*/5 * * * * *"],
    [5_000, 2_000, "2-59/5 * * * * *"],
    [5_000, 1_500, "2-59/5 * * * * *"],
    [5_000, 7_000, "2-59/5 * * * * *"],
    [30_000, 2_000, "2-59/30 * * * * *"],
    [60_000, 0, "0 * * * * *"],
    [60_000, 2_000, "2 * * * * *"],
  ])("judges ticks of %d ms as soon as they have settled for %d ms: %s", (tickMs, settleMs, expression) =>
    expect(cronOf({ tickMs, settleMs })).toBe(expression),
  );

  it("has finished the first round of every migration when it is up", async () => {
    const done: string[] = [];
    const slow = async (): Promise<void> => {
      await turn();
      done.push("a");
    };
    await start([runner("a", slow), runner("b", async () => void done.push("b"))]);
    expect(done.toSorted()).toEqual(["a", "b"]);
  });

  it("goes on with every tick, also after a round that failed", async () => {
    let rounds = 0;
    const { messages } = await start([
      runner("a", async () => {
        rounds += 1;
        throw new Error("a bug");
      }),
    ]);
    await expect.poll(() => rounds).toBeGreaterThan(2);
    expect(messages).toContain("round of a failed");
  });

  it("starts nothing twice: a round that hangs neither piles up nor holds up the notices or another migration", async () => {
    let [hanging, others, pumped] = [0, 0, 0];
    const { promise: hang, resolve: release } = Promise.withResolvers<void>();
    const first = runner("a", async () => {
      hanging += 1;
      if (hanging > 1) await hang;
    });
    const second = runner("b", async () => {
      others += 1;
    });
    await start([first, second], async () => {
      pumped += 1;
    });
    await expect.poll(() => [hanging, others > 3, pumped > 2]).toEqual([2, true, true]);
    release();
  });

  it("goes on delivering while a channel hangs: the others are tried each second, and the stop waits for it", async () => {
    let [pumped, isStopped, second] = [0, false, 0];
    const { promise: hang, resolve: release } = Promise.withResolvers<void>();
    const pump = async (): Promise<void> => {
      pumped += 1;
      if (pumped === 1) await hang;
    };
    // A millisecond before the next second, whenever it is asked.
    const { schedule } = await start([], pump, () => ++second * 1_000 - 1);
    await expect.poll(() => pumped, { interval: 5 }).toBeGreaterThan(2);
    const stopped = schedule.stop().then(() => {
      isStopped = true;
    });
    await turn();
    expect(isStopped).toBe(false);
    release();
    await stopped;
  });

  it("waits for what is under way when it is stopped, and starts nothing more", async () => {
    let [rounds, isFinished] = [0, false];
    const { promise: gate, resolve: release } = Promise.withResolvers<void>();
    const { schedule } = await start([
      runner("a", async () => {
        rounds += 1;
        if (rounds === 1) return;
        await gate;
        isFinished = true;
      }),
    ]);
    await expect.poll(() => rounds).toBe(2);
    const stopped = schedule.stop();
    release();
    await stopped;
    expect(isFinished).toBe(true);
    expect(rounds).toBe(2);
  });
});

describe("a schedule on a clock that is set", () => {
  it.each([
    ["ten minutes back", -600_000],
    ["a day back", -86_400_000],
    ["a day ahead", 86_400_000],
  ])("goes on when it is set %s", async (_name, byMs) => {
    let [rounds, set] = [0, 0];
    await start([runner("a", async () => void rounds++)], undefined, () => Date.now() + set);
    await expect.poll(() => rounds).toBeGreaterThan(1);
    set = byMs;
    const before = rounds;
    await expect.poll(() => rounds).toBeGreaterThan(before + 1);
  });
});
