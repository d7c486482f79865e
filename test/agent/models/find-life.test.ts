import { describe, expect, it } from "vitest";
import { BUILT_IN_LIVES, LIVES_AS_OF } from "../../../agent/models/built-in-lives.ts";
import { findBuiltInLife, findLifeIn } from "../../../agent/models/find-life.ts";
import type { ModelLife } from "../../../agent/models/model-life.ts";
import { daysUntil } from "../../../core/days-until.ts";

const life = (retires: string | null): ModelLife => ({
  ...{ retires, notBefore: null, announced: null, source: "", seen: null },
});

describe("the built-in table", () => {
  it.each([...BUILT_IN_LIVES])("%s has a day, the vendor's page, and when it was read", (_model, each) => {
    const days = [each.retires, each.notBefore].filter((day) => day !== null);
    expect(days).toHaveLength(1);
    for (const day of [...days, each.seen ?? ""]) expect(day).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(each.source).toMatch(/^https:\/\/(developers\.openai\.com|platform\.claude\.com|ai\.google\.dev)\//);
    expect(Date.parse(each.seen ?? "")).toBeLessThanOrEqual(Date.parse(LIVES_AS_OF));
    // What was read before it was announced would be a slip of the pen.
    if (each.announced !== null) expect(Date.parse(each.announced)).toBeLessThanOrEqual(Date.parse(each.seen ?? ""));
  });
});

describe("a model's end", () => {
  it.each([
    ["gpt-4o-2024-08-06", null, "2027-01-14"],
    ["openai/GPT-4o-2024-08-06 ", "openai", "2027-01-14"],
    ["anthropic/claude-opus-4.5", "anthropic", "2027-01-22"],
    ["models/gemini-2.5-pro", "gcp.gemini", "2026-12-01"],
  ])("%s by %s", (model, provider, day) => {
    expect(findBuiltInLife(model, provider)?.retires).toBe(day);
  });

  it.each([
    ["gpt-4o-2024-08-06", "azure.ai.openai"],
    ["azure/gpt-4o", null],
    ["claude-opus-4-5", "aws.bedrock"],
    ["us.anthropic.claude-opus-4-5-20251101-v1:0", null],
    ["arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-opus-4-5", null],
    ["gemini-2.5-pro", "gcp.vertex_ai"],
    ["projects/p/locations/l/publishers/google/models/gemini-2.5-pro", null],
  ])("is unknown where another than the vendor sells it: %s by %s", (model, provider) => {
    expect(findBuiltInLife(model, provider)).toBeNull();
  });

  it("is that of the very build: another of the same model lives as long as it lives", () => {
    expect(findBuiltInLife("gpt-4o-2025-01-01")).toBeNull();
    expect(findBuiltInLife("gemini-2.0-flash-001")).toBeNull();
    expect(findBuiltInLife("gpt-4o-next")).toBeNull();
    expect(findBuiltInLife("")).toBeNull();
  });

  it("is that of one's own table first, whoever sells it, also where that says that there is none", () => {
    const find = findLifeIn({
      name: "models.yaml",
      table: new Map([
        ["gpt-4o", life(null)],
        ["gpt-5", life("2030-01-01")],
      ]),
    });
    expect(find("gpt-4o", "azure.ai.openai")).toMatchObject({ retires: null, table: "models.yaml" });
    expect(find("gpt-5")?.retires).toBe("2030-01-01");
    expect(find("gpt-4.1")).toMatchObject({ retires: "2027-01-14", table: "the built-in table" });
  });
});

it("counts whole days to the first moment of the day", () => {
  const at = Date.parse("2027-01-14T00:00:00Z");
  expect([1, 86_400_000, 86_400_001, 0, -1].map((ms) => daysUntil("2027-01-14", at - ms))).toEqual([1, 1, 2, 0, -0]);
});
