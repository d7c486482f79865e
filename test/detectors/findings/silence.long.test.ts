// @module-tag soak
import { expect, test } from "vitest";
import { findingText } from "../../../core/finding-text.ts";
import { seededRandom } from "../../../core/seeded-random.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { migration, rule } from "../tick-builder.ts";
import { outputTick, withOverall } from "./output-world.ts";

const SHAPE = rule({ signal: "output_shape", limit: null, unit: null, severity: "pause" });
const SLICE_MS = 2 * 3_600_000;
const SLICES = (14 * 86_400_000) / SLICE_MS;
const SEGMENTS = ["input_type=faq", "input_type=json"];

/** Every finding that two equal arms make in 14 days: none is the right answer. */
const findingsOfEqualArms = (seed: number): readonly string[] => {
  const engine = createEngine(migration([SHAPE]));
  const random = seededRandom(seed);
  const found = new Set<string>();
  for (let slice = 0; slice < SLICES; slice++) {
    const tick = outputTick(
      random,
      slice * SLICE_MS,
      SLICE_MS,
      SEGMENTS.flatMap((segment) => [
        { cohort: "canary", segment, n: 12, model: {} } as const,
        { cohort: "baseline", segment, n: 60, model: {} } as const,
      ]),
    );
    for (const finding of engine.step(withOverall(tick), "outcome").shape?.findings ?? []) {
      found.add(`${finding.segment} ${findingText(finding)}`);
    }
  }
  return [...found];
};

test.each([1, 2, 3, 4, 5, 6])("two equal arms make no finding in 14 days (seed %d)", (seed) => {
  expect(findingsOfEqualArms(seed)).toEqual([]);
});
