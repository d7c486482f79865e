import { describe, expect, it } from "vitest";
import { type ExportCounts, NO_COUNTS } from "../../../instrumentation/export/export-counts.ts";
import { createLossReport } from "../../../instrumentation/export/loss-report.ts";

const setUp = () => {
  const world = { time: 0, lines: [] as string[] };
  const report = createLossReport("http://agent:4318", {
    tick: () => world.time,
    warn: (line) => void world.lines.push(line),
    what: "spans",
  });
  return { world, report };
};
const counts = (queue: number, more: Partial<ExportCounts> = {}): ExportCounts => ({
  ...{ ...NO_COUNTS, made: 1000, sent: 1000 - queue, ...more },
  dropped: { ...NO_COUNTS.dropped, queue },
});

describe("the loss report", () => {
  it("tells people nothing while nothing is lost", () => {
    const { world, report } = setUp();
    for (let time = 0; time < 500_000; time += 1000) {
      world.time = time;
      report.onAttempt(counts(0), null);
    }
    report.onEnd(counts(0));
    expect(world.lines).toEqual([]);
  });

  it("tells the collector the counts once a minute while spans are made, and no more at the end", () => {
    const { world, report } = setUp();
    expect(report.isDue(counts(0), false)).toBe(false);
    world.time = 60_000;
    expect(report.isDue(counts(0), false)).toBe(true);
    expect(report.isDue(counts(0), true)).toBe(false);
    report.onReported(counts(0));
    world.time = 500_000;
    expect(report.isDue(counts(0), false)).toBe(false);
    expect(report.isDue(counts(0, { made: 1001 }), false)).toBe(true);
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

  it.each([
    ["lost", counts(5), counts(9)],
    ["spooled", counts(0, { spooled: 5 }), counts(0, { spooled: 9 })],
    ["replayed", counts(0, { replayed: 5 }), counts(0, { replayed: 9 })],
  ])(
    "tells the collector what was %s at once, then at most once a minute, and what is left at the end",
    (_what, first, second) => {
      const { world, report } = setUp();
      expect(report.isDue(first, false)).toBe(true);
      report.onReported(first);
      expect(report.isDue(first, true)).toBe(false);
      world.time = 30_000;
      expect(report.isDue(second, false)).toBe(false);
      expect(report.isDue(second, true)).toBe(true);
      world.time = 60_000;
      expect(report.isDue(second, false)).toBe(true);
    },
  );

  it("asks again for a report that did not arrive", () => {
    const { report } = setUp();
    expect(report.isDue(counts(5), false)).toBe(true);
    expect(report.isDue(counts(5), false)).toBe(true);
  });

  it("says what is lost for good when the process ends, and what would have kept it", () => {
    const { world, report } = setUp();
    report.onEnd({ ...NO_COUNTS, made: 9, dropped: { ...NO_COUNTS.dropped, exit: 4 } });
    expect(world.lines.join()).toMatch(/^leeway: 4 of 9 spans were lost .*LEEWAY_SPOOL_DIR/);
  });
});
