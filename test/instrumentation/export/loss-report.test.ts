import { describe, expect, it } from "vitest";
import { createLossReport } from "../../../instrumentation/export/loss-report.ts";
import type { ExportCounts } from "../../../instrumentation/export/span-queue.ts";

const setUp = () => {
  const world = { time: 0, reports: [] as ExportCounts[], lines: [] as string[] };
  const report = createLossReport("http://agent:4318", {
    tick: () => world.time,
    report: (counts) => void world.reports.push(counts),
    warn: (line) => void world.lines.push(line),
  });
  return { world, report };
};
const counts = (dropped: number): ExportCounts => ({ made: 1000, sent: 1000 - dropped, dropped });

describe("the loss report", () => {
  it("says nothing while nothing is lost", () => {
    const { world, report } = setUp();
    for (let time = 0; time < 500_000; time += 1000) {
      world.time = time;
      report.onAttempt(counts(0), null);
    }
    report.onExit(counts(0));
    expect([world.reports, world.lines]).toEqual([[], []]);
  });

  it("tells people of an outage at its beginning, once", () => {
    const { world, report } = setUp();
    for (let time = 0; time < 600_000; time += 5000) {
      world.time = time;
      report.onAttempt(counts(0), "ECONNREFUSED");
    }
    expect(world.lines).toHaveLength(1);
    expect(world.lines[0]).toContain("http://agent:4318");
    expect(world.lines[0]).toContain("ECONNREFUSED");
  });

  it("tells people of losses at most once a minute, in one line", () => {
    const { world, report } = setUp();
    for (let second = 0; second < 300; second += 1) {
      world.time = second * 1000;
      report.onAttempt(counts(second), "ECONNREFUSED");
    }
    expect(world.lines).toHaveLength(5);
    expect(world.lines.join("")).not.toContain("\n");
  });

  it("tells the collector once it is back, at most once a minute, and what is left at the end", () => {
    const { world, report } = setUp();
    report.onAttempt(counts(5), "ECONNREFUSED");
    expect(world.reports).toEqual([]);
    report.onAttempt(counts(5), null);
    world.time = 30_000;
    report.onAttempt(counts(9), null);
    expect(world.reports).toEqual([counts(5)]);
    world.time = 60_000;
    report.onAttempt(counts(9), null);
    report.onAttempt(counts(9), null);
    expect(world.reports).toEqual([counts(5), counts(9)]);
    report.onExit(counts(11));
    report.onExit(counts(11));
    expect(world.reports.at(-1)).toEqual(counts(11));
    expect(world.reports).toHaveLength(3);
  });
});
