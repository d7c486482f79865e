import { describe, expect, test } from "vitest";
import type { Finding } from "../../../core/finding.ts";
import { findingText } from "../../../core/finding-text.ts";
import type { Tick } from "../../../core/sample.ts";
import { seededRandom } from "../../../core/seeded-random.ts";
import type { Judgement } from "../../../core/verdict.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { decide } from "../../../lifecycle/decide.ts";
import { NOT_STARTED } from "../../../lifecycle/state.ts";
import { MINUTE, migration, rule } from "../tick-builder.ts";
import { type Model, outputTick, type Slice, withOverall } from "./output-world.ts";

const SHAPE = rule({ signal: "output_shape", limit: null, unit: null, severity: "pause" });
const JSON_KEYS = { kaaaaaaaaaaaa: 1, kbbbbbbbbbbbb: 1 };

const keys = (n: number, extra: Readonly<Record<string, number>> = {}): Slice["extra"] => ({
  key_paths: { ...Object.fromEntries(Object.keys(JSON_KEYS).map((path) => [path, n])), ...extra },
});

/** Ticks of a minute in which the canary is `model`; 20 canary and 100 baseline answers each. */
const minutes = (count: number, model: Model, extra?: (n: number) => Slice["extra"], seed = 1): readonly Tick[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, minute) =>
    outputTick(random, minute * MINUTE, MINUTE, [
      { cohort: "canary", segment: "", n: 20, model, ...(extra && { extra: extra(20) ?? {} }) },
      { cohort: "baseline", segment: "", n: 100, model: {}, ...(extra && { extra: keys(100) ?? {} }) },
    ]),
  );
};

const detector = (ticks: readonly Tick[]): Judgement => {
  const engine = createEngine(migration([SHAPE]));
  for (const tick of ticks.slice(0, -1)) engine.replay(tick);
  return engine.step(ticks.at(-1) ?? outputTick(() => 0, 0, MINUTE, []));
};

const findings = (ticks: readonly Tick[]): readonly Finding[] => detector(ticks).shape?.findings ?? [];

describe("what a canary does differently is found, under its name", () => {
  test.each<[what: string, model: Model, Partial<Finding>]>([
    [
      "JSON in a fence",
      { code_fence: { rate: 0.9 } },
      { family: "code fence", feature: "code_fence", direction: "up" },
    ],
    ["text before JSON", { json_preamble: { rate: 0.7 } }, { family: "structure", feature: "json_preamble" }],
    ["more nesting", { json_depth: { median: 0.8, sd: 0.3 } }, { family: "structure", feature: "json_depth" }],
    ["numbers spelled out", { number_words: { rate: 0.6 } }, { family: "script", feature: "number_words" }],
    [
      "four bullets instead of three",
      { bullet_items: { labels: { "0": 0.7, "4": 0.25, "5": 0.05 } } },
      { family: "markdown", feature: "bullet_items", direction: "up", label: "4" },
    ],
    ["hedging", { hedging: { rate: 0.6 } }, { family: "manner", feature: "hedging", direction: "up" }],
    ["no more hedging", { hedging: { rate: 0.02 } }, { family: "manner", feature: "hedging", direction: "down" }],
    ["more refusals", { refusal: { rate: 0.2 } }, { family: "refusal", feature: "refusal", direction: "up" }],
    ["loops", { degenerate: { rate: 0.06 } }, { family: "degeneration", feature: "degenerate", direction: "up" }],
    ["cut answers", { truncated: { rate: 0.1 } }, { family: "finish", feature: "truncated", direction: "up" }],
    [
      "another language",
      { language: { labels: { en: 0.72, de: 0.15, fr: 0.05, ru: 0.08 } } },
      { family: "script", feature: "language", direction: "changed", label: "ru" },
    ],
    [
      "another tool",
      { tool_chosen: { labels: { aaaaaaaaaaaa: 0.4, bbbbbbbbbbbb: 0.6 } } },
      { family: "tools", feature: "tool_chosen", direction: "changed", label: "bbbbbbbbbbbb" },
    ],
    ["longer answers", { output_chars: { median: 900, sd: 0.7 } }, { family: "length", feature: "output_chars" }],
    [
      "more tokens for the same text",
      { tokens_per_char: { median: 0.29, sd: 0.1 } },
      { family: "usage", feature: "tokens_per_char", direction: "up" },
    ],
    [
      "invalid tool arguments",
      { tool_arguments_match: { rate: 0.5 } },
      { family: "tools", feature: "tool_arguments_match" },
    ],
  ])("%s", (_what, model, expected) => {
    const found = findings(minutes(60, model));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ segment: "", ...expected });
    const { evidence, n, effect } = found[0] as Finding;
    expect(evidence.logE).toBeGreaterThanOrEqual(evidence.threshold);
    expect(Math.abs(effect)).toBeGreaterThan(0.1);
    expect(n).toEqual({ canary: 1200, baseline: 6000 });
  });

  test.each<[what: string, (n: number) => Slice["extra"], Pick<Finding, "label" | "direction">]>([
    ["null instead of absent", (n) => keys(n, { ncccccccccccc: n }), { label: "ncccccccccccc", direction: "up" }],
    [
      "an empty array instead of absent",
      (n) => keys(n, { ecccccccccccc: n }),
      { label: "ecccccccccccc", direction: "up" },
    ],
    ["another value of a list", (n) => keys(n, { vcccccccccccc: n / 2 }), { label: "vcccccccccccc", direction: "up" }],
    [
      "a key that vanished",
      (n) => ({ key_paths: { kaaaaaaaaaaaa: n } }),
      { label: "kbbbbbbbbbbbb", direction: "down" },
    ],
  ])("%s", (_what, extra, expected) => {
    const found = findings(minutes(30, {}, extra));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ family: "structure", feature: "key_paths", ...expected });
  });
});

describe("a finding", () => {
  const fenced: Model = { code_fence: { rate: 0.9 }, starts_with_fence: { rate: 0.9 } };

  test("carries shares, an interval, other features of its family, and since when it stands", () => {
    const ticks = minutes(60, fenced);
    const [found] = findings(ticks);
    expect(found).toMatchObject({ unit: "share", label: null, exampleSpans: [] });
    expect([found?.feature, ...(found?.also ?? [])].sort()).toEqual(["code_fence", "starts_with_fence"]);
    expect(found?.canary).toBeGreaterThan(0.85);
    expect(found?.interval?.lower).toBeLessThan(found?.canary ?? 0);
    expect(found?.interval?.upper).toBeGreaterThan(found?.canary ?? 1);
    const first = ticks.findIndex((_, i) => findings(ticks.slice(0, i + 1)).length > 0);
    expect(found?.since).toBe(ticks[first]?.to);
    expect(first).toBeLessThan(10);
  });

  test("is the reason of the pause, in words", () => {
    const judged = detector(minutes(60, fenced));
    const decision = decide(migration([SHAPE]), { ...NOT_STARTED, hash: "simulated" }, judged, judged.at);
    expect(judged.verdicts[0]?.outcome).toBe("breach");
    expect(decision).toMatchObject({
      kind: "pause",
      reason: expect.stringMatching(
        /^output_shape: code fence: \w+ up from \d+(\.\d+)?% to 9\d(\.\d+)?% \(effect 1\.\d+; also/,
      ),
    });
    expect(findingText(findings(minutes(60, fenced))[0] as Finding)).toMatch(/^code fence: /);
  });

  test("about usage alone is told and pauses nothing: rules say how many tokens are too many", () => {
    const judged = detector(minutes(60, { tokens_per_char: { median: 0.29, sd: 0.1 } }));
    expect(judged.shape?.findings).toHaveLength(1);
    expect(judged.verdicts[0]?.outcome).not.toBe("breach");
  });

  test("needs a hundred answers a side and an effect that matters", () => {
    expect(findings(minutes(4, fenced))).toEqual([]);
    expect(findings(minutes(240, { hedging: { rate: 0.33 } }))).toEqual([]);
  });

  test("is the same whether the state was stepped to or rebuilt", () => {
    const ticks = minutes(40, fenced);
    const engine = createEngine(migration([SHAPE]));
    const stepped = ticks.map((tick) => engine.step(tick)).at(-1);
    expect(stepped).toEqual(detector(ticks));
  });

  test("of a change on day three is seen within the hour, although the stage is full of healthy answers", () => {
    const random = seededRandom(5);
    const hour = 60 * MINUTE;
    const ticks = Array.from({ length: 73 }, (_, i) =>
      outputTick(random, i * hour, hour, [
        { cohort: "canary", segment: "", n: 400, model: i < 72 ? {} : { degenerate: { rate: 0.2 } } },
        { cohort: "baseline", segment: "", n: 800, model: {} },
      ]),
    );
    expect(findings(ticks.slice(0, 72))).toEqual([]);
    const [found] = findings(ticks);
    expect(found).toMatchObject({ feature: "degenerate", n: { canary: 400, baseline: 800 } });
  });
});

describe("segments", () => {
  const SEGMENTS = ["input_type=faq", "input_type=json", "input_type=chat"];
  const inSegments = (
    count: number,
    slices: (segment: string, arm: "canary" | "baseline") => Omit<Slice, "cohort" | "segment">,
  ) => {
    const random = seededRandom(9);
    return Array.from({ length: count }, (_, minute) =>
      withOverall(
        outputTick(
          random,
          minute * MINUTE,
          MINUTE,
          SEGMENTS.flatMap((segment) =>
            (["canary", "baseline"] as const).map((cohort) => ({ cohort, segment, ...slices(segment, cohort) })),
          ),
        ),
      ),
    );
  };

  test("a change in one of them is named with it, where all calls together hardly show it", () => {
    const found = findings(
      inSegments(150, (segment, arm) => ({
        n: segment === "input_type=json" ? 10 : 50,
        model: arm === "canary" && segment === "input_type=json" ? { refusal: { rate: 0.13 } } : {},
      })),
    );
    expect(found.map(({ feature, segment }) => [feature, segment])).toEqual([["refusal", "input_type=json"]]);
  });

  test("another mix of traffic is said, and is no finding", () => {
    const fences: Model = { code_fence: { rate: 0.9 } };
    const { shape } = detector(
      inSegments(60, (segment, arm) => ({
        n: arm === "canary" && segment === "input_type=json" ? 60 : 20,
        model: segment === "input_type=json" ? fences : {},
      })),
    );
    expect(shape?.findings).toEqual([]);
    expect(shape?.notes).toEqual([
      expect.stringMatching(
        /^the traffic mix differs between the arms: input_type json 33% to 60%.*not counted as drift$/,
      ),
    ]);
  });

  test("in another mix a change is still found, inside the segment that has it", () => {
    const found = findings(
      inSegments(60, (segment, arm) => ({
        n: arm === "canary" && segment === "input_type=json" ? 60 : 20,
        model: arm === "canary" && segment === "input_type=faq" ? { hedging: { rate: 0.7 } } : {},
      })),
    );
    expect(found.map(({ feature, segment }) => [feature, segment])).toEqual([["hedging", "input_type=faq"]]);
  });
});
