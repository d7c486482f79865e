import { describe, expect, it } from "vitest";
import { armOfValue } from "../../../alerts/flags/arm-of-value.ts";

const VALUES = { baseline: "gpt-old", canary: "gpt-new" };

describe("the arm of a variation", () => {
  it.each<[string, unknown, string | null]>([
    ["a", "gpt-new", "canary"],
    ["a", "gpt-old", "baseline"],
    ["a", { model: "gpt-new", temperature: 0 }, "canary"],
    ["a", '{"model": "gpt-old"}', "baseline"],
    ["a", '{"model": ', null],
    ["a", true, "canary"],
    ["a", false, "baseline"],
    ["Canary", "v2", "canary"],
    ["baseline", 1, "baseline"],
    ["canary", "gpt-old", "baseline"],
    ["a", "gpt-new-mini", null],
    ["a", null, null],
    ["constructor", undefined, null],
  ])("%s = %j is %s", (name, value, arm) => {
    expect(armOfValue({ name, value }, VALUES)).toBe(arm);
  });

  it.each([
    ["baseline", "gpt", "baseline"],
    ["canary", "gpt", "canary"],
    ["a", "gpt", null],
    ["", "canary", "canary"],
    ["", "baseline", "baseline"],
  ])("where only the prompt is another one: %s = %j is %s", (name, value, arm) => {
    expect(armOfValue({ name, value }, { baseline: "gpt", canary: "gpt" })).toBe(arm);
  });
});
