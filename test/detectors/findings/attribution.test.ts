import { describe, expect, test } from "vitest";
import type { Arm } from "../../../core/cohort.ts";
import type { Migration } from "../../../core/migration.ts";
import { createSetupWatch } from "../../../detectors/findings/attribution.ts";
import type { ArmPair } from "../../../detectors/tick-view.ts";

const model = (name: string, version: string | null = null): Migration["baseline"] => ({
  model: name,
  provider: null,
  prompt: version === null ? null : { name: "support", version },
});
const SAME = { baseline: model("gpt-4o"), candidate: model("gpt-5") };

type Setup = Readonly<Record<string, number>>;
const pair = (baseline: Setup, canary: Setup): ArmPair => ({
  baseline: { n: 1000, sum: 0, bins: baseline },
  canary: { n: 100, sum: 0, bins: canary },
});
const attributed = (baseline: Setup, canary: Setup, document: Pick<Migration, "baseline" | "candidate"> = SAME) => {
  const watch = createSetupWatch(document);
  watch.step(pair(baseline, canary), 0, []);
  return watch.attribution();
};

const OLD = { "requested_model=gpt-4o": 1000, "model=gpt-4o-2024-08-06": 980, "prompt=support@41": 1000 };
const at = (changes: Setup, without: readonly string[] = []): Setup => ({
  ...Object.fromEntries(
    Object.entries(OLD)
      .filter(([label]) => !without.some((name) => label.startsWith(`${name}=`)))
      .map(([label, n]) => [label, n / 10]),
  ),
  ...changes,
});

describe("a finding is blamed on what differs between the arms", () => {
  test.each<[what: string, canary: Setup, text: string]>([
    [
      "another model",
      at({ "requested_model=gpt-5": 100, "model=gpt-5-2026-08": 97 }, ["model", "requested_model"]),
      "model",
    ],
    ["another prompt, never the model", at({ "prompt=support@42": 100 }, ["prompt"]), "prompt"],
    ["both", at({ "model=gpt-5-2026-08": 97, "prompt=support@42": 100 }, ["model", "prompt"]), "prompt and model"],
    ["parameters", at({ "parameters=temperature=1": 100 }), "parameters"],
    ["tools", at({ "tools=8c4fbb0229f2": 90 }), "tools"],
    [
      "an alias of the same model: nothing",
      at({ "requested_model=gpt-4o-latest": 100 }, ["requested_model"]),
      "unknown",
    ],
    ["nothing", at({}), "unknown"],
    ["few calls of another version: nothing", at({ "prompt=support@41": 90, "prompt=support@42": 10 }), "unknown"],
  ])("%s", (_what, canary, text) => {
    expect(attributed(OLD, canary).text).toBe(text);
  });

  test("names both values", () => {
    expect(attributed(OLD, at({ "prompt=support@42": 100 }, ["prompt"]))).toEqual({
      changed: ["prompt"],
      text: "prompt",
      differences: [{ what: "prompt", baseline: "support@41", canary: "support@42" }],
    });
  });

  test("what calls do not tell is taken from the migration document", () => {
    const document = { baseline: model("gpt-4o", "41"), candidate: model("gpt-5", "42") };
    expect(attributed({}, {}, document).text).toBe("prompt and model");
    expect(attributed(OLD, at({}), document).text).toBe("unknown");
  });

  test("a parameter that differs from call to call is no change of parameters", () => {
    const many = (calls: number): Setup =>
      Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`parameters=max_tokens=${i}`, calls / 50]));
    expect(attributed({ ...OLD, ...many(1000) }, at(many(100))).text).toBe("unknown");
  });

  test("what was changed under way is blamed within a day; an arm with a new history at once", () => {
    const newer = at({ "prompt=support@42": 100 }, ["prompt"]);
    const old = createSetupWatch(SAME);
    const begun = createSetupWatch(SAME);
    for (const watch of [old, begun]) {
      for (let hour = 0; hour < 48; hour++) watch.step(pair(OLD, at({})), hour, []);
    }
    const changed: readonly Arm[] = ["canary"];
    begun.step(pair(OLD, newer), 48, changed);
    expect(begun.attribution().text).toBe("prompt");
    for (let hour = 48; hour < 96; hour++) old.step(pair(OLD, newer), hour, []);
    expect(old.attribution().text).toBe("prompt");
  });
});
