import { describe, expect, it } from "vitest";
import { FEATURE_LABELS, FEATURES } from "../../core/features.ts";
import { MEASURES, type Measure, type MeasureName } from "../../core/measures.ts";
import { PACKED_FEATURES, SHAPE_FEATURES } from "../../core/shape-features.ts";
import { OUTPUT_SHAPE_SIGNALS, SIGNAL_NAMES, SIGNALS, signalOf } from "../../core/signals.ts";
import { SIGNAL_COLUMNS } from "../../store/signal-columns.ts";

const ALL = Object.entries(MEASURES) as readonly (readonly [MeasureName, Measure])[];

describe("the catalogue of measures", () => {
  it.each(ALL)("has %s in the lists that its entry says, and in no other", (name, measure) => {
    const isSignal = "worse" in measure;
    const isOfAnswer = measure.from === "answer" || measure.from === "request";
    const isCompared = measure.from !== "request" && "family" in measure;
    expect({
      signal: SIGNAL_NAMES.some((each) => each === name),
      number: Object.hasOwn(FEATURES, name),
      label: Object.hasOwn(FEATURE_LABELS, name),
      packed: PACKED_FEATURES.some((each) => each === name),
      compared: SHAPE_FEATURES.filter((each) => each.name === name).length,
      column: Object.hasOwn(SIGNAL_COLUMNS, name),
    }).toEqual({
      signal: isSignal,
      number: isOfAnswer && measure.kind !== "label",
      label: isOfAnswer && measure.kind === "label",
      packed: measure.from === "answer" && !isSignal,
      compared: isCompared ? 1 : 0,
      column: isSignal && measure.from !== "outcome",
    });
  });

  it.each(ALL)(
    "gives %s a unit where it is a signal in a number, one line of words, and a name SQL can bear",
    (name, measure) => {
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(measure.about).toMatch(/^[^\n|]+$/);
      if ("worse" in measure) expect(SIGNALS[name as keyof typeof SIGNALS].unit).not.toBe("");
      // What a signal is counted of is said: only what every call has counts all.
      if ("worse" in measure)
        expect([(measure.of ?? "every call") === "every call", name]).toEqual([name === "call_setup", name]);
    },
  );

  it("asks for proof of signals of every family but confidence, usage, and the layout, which follows the length", () => {
    const familyOf = (name: string) => SHAPE_FEATURES.find((each) => each.name === name)?.family;
    const families = new Set(SHAPE_FEATURES.map(({ family }) => family));
    const proven = new Set(OUTPUT_SHAPE_SIGNALS.map(familyOf));
    expect([...families].filter((family) => !proven.has(family)).sort()).toEqual(["confidence", "layout", "usage"]);
  });

  it("counts each outcome's name for one signal", () => {
    const names = ALL.flatMap(([, measure]) => (measure.from === "outcome" ? measure.named : []));
    expect(names).toEqual([...new Set(names)]);
  });

  it("knows evaluations of any name, as scores of which less is worse", () => {
    expect(signalOf("evaluation.constructor")).toMatchObject({ kind: "score", unit: "share", worse: "down" });
    expect(signalOf("quality")).toMatchObject({ kind: "score", unit: "share", worse: "down" });
  });
});
