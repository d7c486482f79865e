import { describe, expect, it } from "vitest";
import { assumedSignals } from "../../../agent/forecast/assumed-signals.ts";
import { countFrom, drawsOf, eventsFrom } from "../../../agent/forecast/draw-calls.ts";
import { forecastRamp } from "../../../agent/forecast/forecast-ramp.ts";
import { searchMs, simulateStages } from "../../../agent/forecast/simulate-stages.ts";
import { drawUserLuck } from "../../../agent/forecast/user-luck.ts";
import { bucketValue } from "../../../core/histogram.ts";
import { seededRandom } from "../../../core/seeded-random.ts";
import { documentText, migrationOf } from "../config/documents.ts";

const HOUR = 3_600_000;
const stages = (text: string) => migrationOf(documentText({ stages: `stages: [${text}]` }));
const quiet = (): void => undefined;

describe("what is foreseen of a healthy candidate", () => {
  it("leaves a stage with its time where the calls suffice, and is the same each time", () => {
    const migration = stages("{ canary: 20%, for: 8h }, { canary: 50%, for: 8h }");
    const traffic = { callsPerDay: 100_000, users: 100_000 };
    const forecast = forecastRamp(migration, traffic, quiet);
    expect(forecast.stages.map(({ medianMs, heldBy, holding }) => [medianMs, heldBy, holding])).toEqual([
      [8 * HOUR, [], []],
      [8 * HOUR, [], []],
    ]);
    expect(forecast.rolledBack).toBe(0);
    expect(forecastRamp(migration, traffic, quiet)).toEqual(forecast);
  });

  it("is held where they do not: by whom, how long, and by which share it would not be", () => {
    const migration = stages("{ canary: 5%, for: 4h }, { canary: 50%, for: 4h, approval: true }");
    const [first, second] = forecastRamp(migration, { callsPerDay: 10_000, users: 10_000 }, quiet).stages;
    // 200 canary calls at least, at 500 a day.
    expect(first?.medianMs).toBeGreaterThan(9.6 * HOUR);
    expect(first?.p95Ms).toBeLessThan(40 * HOUR);
    expect(first?.heldBy).toEqual(["error"]);
    const [held] = first?.holding ?? [];
    expect(held?.rule.id).toBe("error");
    expect(held?.share).toBeGreaterThan(0.12);
    // A wider limit brings no call more.
    expect(held?.wider).toBeNull();
    expect(second?.medianMs).toBe(4 * HOUR);
  });

  it("never leaves a stage that has no calls to speak of, and the later ones are foreseen all the same", () => {
    const migration = stages("{ canary: 5%, for: 1h }, { canary: 50%, for: 1d }");
    const run = simulateStages(migration, { callsPerDay: 500, users: 10 }, 1);
    expect(run.passages.map(({ tookMs }) => tookMs === null)).toEqual([true, expect.any(Boolean)]);
    expect(run.passages[0]?.heldBy).toBe("error");
  });

  it("searches ten times the stage's time, a quarter of a year at most, and the stage's own time at least", () => {
    expect([HOUR, 14 * 24 * HOUR, 120 * 24 * HOUR].map((ms) => searchMs(ms) / HOUR)).toEqual([10, 91 * 24, 120 * 24]);
  });

  it("takes longer the more of the calls each user makes", () => {
    const migration = stages("{ canary: 5%, for: 4h }");
    const medianOf = (users: number): number =>
      forecastRamp(migration, { callsPerDay: 20_000, users }, quiet).stages[0]?.medianMs ?? Number.POSITIVE_INFINITY;
    expect(medianOf(100)).toBeGreaterThan(medianOf(20_000));
  });
});

describe("the assumed calls", () => {
  it("have each signal of the rules once", () => {
    const rules = "rules: playbook\nprojections: { cost_usd: 0.004 }";
    const names = assumedSignals(migrationOf(documentText({ rules }))).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(["error", "latency_ms", "cost_usd", "output_chars", "bullets"]));
  });

  it.each([3, 200])("are counted with the mean and variance of a Poisson count: %d", (mean) => {
    const random = seededRandom(7);
    const counts = Array.from({ length: 4000 }, () => countFrom(random, mean));
    const average = counts.reduce((sum, each) => sum + each, 0) / counts.length;
    const variance = counts.reduce((sum, each) => sum + (each - average) ** 2, 0) / counts.length;
    expect(average / mean).toBeCloseTo(1, 1);
    expect(variance / mean).toBeGreaterThan(0.9);
    expect(variance / mean).toBeLessThan(1.1);
  });

  it.each([
    [3, 0.98],
    [9, 0.98],
    [40, 0.3],
    [400, 0.3],
    [4000, 0.98],
    [900, 0.02],
  ])("have events with the mean and variance of a binomial count: %d calls at %d", (n, rate) => {
    const random = seededRandom(11);
    const counts = Array.from({ length: 8000 }, () => eventsFrom(random, n, rate));
    const average = counts.reduce((sum, each) => sum + each, 0) / counts.length;
    const variance = counts.reduce((sum, each) => sum + (each - average) ** 2, 0) / counts.length;
    expect(average / (n * rate)).toBeCloseTo(1, 2);
    expect(variance / (n * rate * (1 - rate))).toBeGreaterThan(0.9);
    expect(variance / (n * rate * (1 - rate))).toBeLessThan(1.1);
  });

  it.each([500, 20_000])("have bins whose mean is that of their amounts: %d calls", (n) => {
    const rules = "rules: playbook\nprojections: { cost_usd: 0.004 }";
    const cost = assumedSignals(migrationOf(documentText({ rules }))).find(({ name }) => name === "cost_usd");
    if (cost === undefined) throw new Error("no cost");
    const drawn = drawsOf(cost, cost.level)(seededRandom(5), n, 0);
    const ofBins = Object.entries(drawn.bins).reduce((sum, [bin, count]) => sum + count * bucketValue(Number(bin)), 0);
    expect(drawn.n).toBe(n);
    expect(ofBins / drawn.sum).toBeCloseTo(1, 2);
  });

  it("have users whose luck is in one arm or the other, and shrinks with their number", () => {
    const spread = (users: number): number => {
      const random = seededRandom(3);
      const drawn = Array.from({ length: 500 }, () => drawUserLuck(random, 0.2, users, [0.05, 0.5])(0.05).canary);
      return Math.sqrt(drawn.reduce((sum, each) => sum + each * each, 0) / drawn.length);
    };
    expect(spread(1000)).toBeCloseTo(Math.sqrt(0.2 / 50), 2);
    expect(spread(100_000)).toBeLessThan(0.01);
    expect(drawUserLuck(seededRandom(1), 0.2, 10, [0])(0)).toMatchObject({ canary: 0 });
  });
});
