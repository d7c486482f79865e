import { describe, expect, it } from "vitest";
import type { Stage } from "../../../core/migration.ts";
import type { Tick } from "../../../core/sample.ts";
import { createSampleRatio } from "../../../detectors/trust/sample-ratio.ts";

const MINUTE = 60_000;
const stage: Stage = {
  ...{ kind: "canary", share: 0.05, forMs: MINUTE, approval: false },
  audience: { segment: "tier", values: ["internal"] },
};
const counts = (canary: number, baseline: number): Tick["calls"] => [
  { cohort: "canary", segment: "", calls: canary },
  { cohort: "baseline", segment: "", calls: baseline },
];
const tick = (minute: number, inside: number, everybody: number, share = 0.05): Tick => ({
  ...{ migration: "m", from: minute * MINUTE, to: (minute + 1) * MINUTE, stage: 0, share, samples: [] },
  ...{ calls: counts(inside, 100), everybody: counts(everybody, 900) },
});
const run = (...ticks: readonly Tick[]): string | null => {
  const part = createSampleRatio({ stages: [stage] });
  for (const [i, each] of ticks.entries()) part.step(each, i === 0);
  return part.doubt();
};

describe("canary calls of others than whom the stage is for", () => {
  it("are a doubt that names them and the segment", () => {
    expect(run(tick(0, 5, 5), tick(11, 5, 8))).toMatch(/^3 canary calls of the last hour are not of tier internal/);
  });

  it("are none where every canary call is of the segment, or nobody looked", () => {
    expect(run(tick(0, 5, 5), tick(11, 5, 5))).toBeNull();
    const { everybody: _, ...plain } = tick(11, 5, 8);
    expect(run(tick(0, 5, 5), plain)).toBeNull();
  });

  it("may still end while the stage is young, and are to be none after a rollback anyway", () => {
    expect(run(tick(0, 5, 8), tick(9, 5, 8))).toBeNull();
    expect(run(tick(0, 5, 5), tick(11, 0, 8, 0))).toBeNull();
  });

  it("are held against the stage for an hour", () => {
    expect(run(tick(0, 5, 5), tick(11, 5, 8), tick(70, 5, 5))).not.toBeNull();
    expect(run(tick(0, 5, 5), tick(11, 5, 8), tick(72, 5, 5))).toBeNull();
  });
});
