import { describe, expect, test } from "vitest";
import type { Arm } from "../../../core/cohort.ts";
import type { CallCount } from "../../../core/sample.ts";
import { createTrafficMix } from "../../../detectors/findings/traffic-mix.ts";

const calls = (cohort: Arm, counts: Readonly<Record<string, number>>): readonly CallCount[] =>
  Object.entries(counts).map(([segment, n]) => ({ cohort, segment, calls: n }));

const USUAL = { "": 1000, "type=faq": 700, "type=json": 300 };

describe("the traffic mix", () => {
  test("that is the same in both arms is not worth a word, whatever the arms' sizes are", () => {
    const mix = createTrafficMix();
    mix.step(
      [...calls("canary", USUAL), ...calls("baseline", { "": 19_000, "type=faq": 13_300, "type=json": 5_700 })],
      0,
      true,
    );
    expect(mix.differing(1)).toEqual([]);
    expect(mix.notes(1)).toEqual([]);
  });

  test("that differs a little makes the judging careful; people are told where it differs much", () => {
    const step = (json: number): ReturnType<typeof createTrafficMix> => {
      const mix = createTrafficMix();
      const canary = { "": 5000, "type=faq": 5000 - json, "type=json": json };
      mix.step(
        [...calls("canary", canary), ...calls("baseline", { "": 20_000, "type=faq": 14_000, "type=json": 6000 })],
        0,
        true,
      );
      return mix;
    };
    expect(step(1740).differing(1)).toEqual(["type"]);
    expect(step(1740).notes(1)).toEqual([]);
    expect(step(2500).notes(1)).toEqual([
      "the traffic mix differs between the arms: type faq 70% to 50%, json 30% to 50% (baseline to canary); answers are compared inside each type, so this is not counted as drift",
    ]);
  });

  test("is not said to differ on a few conversations", () => {
    const mix = createTrafficMix();
    mix.step(
      [
        ...calls("canary", { "type=faq": 40, "type=json": 40 }),
        ...calls("baseline", { "type=faq": 700, "type=json": 300 }),
      ],
      0,
      true,
    );
    expect(mix.notes(1)).toEqual([]);
  });

  test("begins anew with a stage", () => {
    const mix = createTrafficMix();
    mix.step([...calls("canary", { "type=json": 2000 }), ...calls("baseline", USUAL)], 0, true);
    mix.step([...calls("canary", USUAL), ...calls("baseline", USUAL)], 1, true);
    expect(mix.differing(1)).toEqual([]);
  });

  test("that changes from the first day to the last is said, once the day is over", () => {
    const mix = createTrafficMix();
    const day = (at: number, faq: number): void => {
      for (let hour = 24 * at; hour < 24 * (at + 1); hour++) {
        const counts = { "type=faq": faq, "type=json": 100 - faq };
        mix.step([...calls("canary", counts), ...calls("baseline", counts)], hour, hour === 0);
      }
    };
    day(0, 70);
    day(1, 40);
    expect(mix.notes(1)).toEqual([]);
    day(2, 40);
    expect(mix.notes(1)).toEqual([expect.stringMatching(/^the traffic mix changed: type .*faq 70% to 40%/)]);
  });
});
