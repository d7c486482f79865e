import { describe, expect, it } from "vitest";
import { createLane, LaneFull } from "../../../store/embedded/lane.ts";

/** A job that ends when told to. */
const heldJob = (): {
  readonly job: () => Promise<string>;
  readonly end: () => void;
  readonly started: () => boolean;
} => {
  const { promise, resolve } = Promise.withResolvers<string>();
  let started = false;
  return {
    job: () => {
      started = true;
      return promise;
    },
    end: () => resolve("done"),
    started: () => started,
  };
};

describe("createLane", () => {
  it("runs as many jobs as it is wide and the next one as soon as one ended", async () => {
    const lane = createLane({ width: 2, waiting: 5 });
    const jobs = [heldJob(), heldJob(), heldJob()];
    const results = jobs.map(({ job }) => lane.run(job));
    await Promise.resolve();
    expect(jobs.map(({ started }) => started())).toEqual([true, true, false]);
    jobs[1]?.end();
    await results[1];
    await Promise.resolve();
    expect(jobs[2]?.started()).toBe(true);
    for (const { end } of jobs) end();
    expect(await Promise.all(results)).toEqual(["done", "done", "done"]);
  });

  it("goes on after a job that failed", async () => {
    const lane = createLane({ width: 1, waiting: 1 });
    await expect(lane.run(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    await expect(lane.run(async () => 1)).resolves.toBe(1);
  });

  it("turns a job away when too many wait", async () => {
    const lane = createLane({ width: 1, waiting: 1 });
    const held = heldJob();
    const results = [lane.run(held.job), lane.run(async () => "next")];
    await expect(lane.run(async () => "third")).rejects.toBeInstanceOf(LaneFull);
    held.end();
    expect(await Promise.all(results)).toEqual(["done", "next"]);
  });
});
