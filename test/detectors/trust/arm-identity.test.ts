import { describe, expect, test } from "vitest";
import { type CallIdentity, identityKey, readIdentity } from "../../../core/call-identity.ts";
import type { Arm } from "../../../core/cohort.ts";
import type { ModelConfiguration } from "../../../core/migration.ts";
import { createArmIdentity, type Fit } from "../../../detectors/trust/arm-identity.ts";

const model = (name: string, prompt: string | null = null, provider: string | null = null): ModelConfiguration => ({
  model: name,
  provider,
  prompt: prompt === null ? null : { name: "checkout", version: prompt },
});

const call = (requestModel: string, responseModel: string, prompt = "", provider = ""): CallIdentity => ({
  provider,
  requestModel,
  responseModel,
  promptName: prompt === "" ? "" : "checkout",
  promptVersion: prompt,
});

const fit = (
  baseline: ModelConfiguration,
  candidate: ModelConfiguration,
  arm: Arm,
  each: CallIdentity,
  alias = "",
): Fit => createArmIdentity({ baseline, candidate }).fit(arm, each, (name) => name === alias);

describe("gpt-4o to claude-sonnet-4, the canary's calls", () => {
  test.each([
    ["what the document names", call("claude-sonnet-4", "claude-sonnet-4-20250514"), "fits"],
    ["the baseline's model", call("gpt-4o", "gpt-4o-2024-08-06"), "other"],
    [
      "asked for, and answered by the baseline's: a gateway fell back",
      call("claude-sonnet-4", "gpt-4o-2024-08-06"),
      "other",
    ],
    ["asked for, and answered by a smaller one", call("claude-sonnet-4", "claude-haiku-4-20250514"), "other"],
    ["asked for, and answered by a third", call("claude-sonnet-4", "gemini-2.5-pro"), "other"],
    ["a third model", call("gemini-2.5-pro", "gemini-2.5-pro"), "other"],
    ["a deployment that answers with its true model", call("prod-chat", "claude-sonnet-4-20250514"), "fits"],
    ["an answer under a deployment's name", call("claude-sonnet-4", "deployment-7f3a"), "fits"],
    ["a name that is nobody's", call("fast-model", "fast-model"), "other"],
    ["a failed call", call("claude-sonnet-4", ""), "fits"],
    ["a failed call of the baseline's model", call("gpt-4o", ""), "other"],
    ["a failed call of a deployment known to be it", call("known", ""), "unknown"],
    ["a failed call of a name that is nobody's", call("prod-chat", ""), "other"],
    ["nothing at all", call("", ""), "unknown"],
    [
      "a number of the cloud's",
      call("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3", ""),
      "unknown",
    ],
    [
      "a digest for a name",
      call("0f8fad5b-d9cb-469f-a165-70867728950e", "0f8fad5b-d9cb-469f-a165-70867728950e"),
      "unknown",
    ],
    ["another model's number", call("gemini-2.5-pro-12345678", ""), "other"],
    ["only who answered", call("", "claude-sonnet-4-20250514"), "fits"],
  ] as const)("%s: %o is %s", (_name, each, expected) => {
    expect(fit(model("gpt-4o"), model("claude-sonnet-4"), "canary", each, "known")).toBe(expected);
  });

  test("baseline users that are served by the candidate", () => {
    const baseline = (each: CallIdentity): Fit => fit(model("gpt-4o"), model("claude-sonnet-4"), "baseline", each);
    expect(baseline(call("claude-sonnet-4", "claude-sonnet-4-20250514"))).toBe("other");
    expect(baseline(call("gpt-4o", "gpt-4o-2024-08-06"))).toBe("fits");
  });
});

test.each([
  [
    "both arms pinned, each by its own build",
    "gpt-4o-2024-08-06",
    "gpt-4o-2024-11-20",
    call("gpt-4o", "gpt-4o-2024-11-20"),
    "fits",
  ],
  [
    "both arms pinned, the other's build",
    "gpt-4o-2024-08-06",
    "gpt-4o-2024-11-20",
    call("gpt-4o", "gpt-4o-2024-08-06"),
    "other",
  ],
  [
    "both arms pinned, and only an alias is known",
    "gpt-4o-2024-08-06",
    "gpt-4o-2024-11-20",
    call("gpt-4o", "gpt-4o"),
    "unknown",
  ],
  ["asked for by its build", "gpt-4o-2024-08-06", "gpt-4o-2024-11-20", call("gpt-4o-2024-11-20", "gpt-4o"), "fits"],
  [
    "an alias that is answered by the other arm's very build",
    "gpt-4o-2024-08-06",
    "gpt-4o",
    call("gpt-4o", "gpt-4o-2024-08-06"),
    "other",
  ],
  [
    "two deployments of one model, by its own",
    "gpt-4o-prod",
    "gpt-4o-next",
    call("gpt-4o-next", "gpt-4o-2024-08-06"),
    "fits",
  ],
  [
    "two deployments of one model, by the other",
    "gpt-4o-prod",
    "gpt-4o-next",
    call("gpt-4o-prod", "gpt-4o-2024-08-06"),
    "other",
  ],
  [
    "two routes to one model, by its own",
    "openai/gpt-4o",
    "azure/gpt-4o",
    call("azure/gpt-4o", "gpt-4o-2024-08-06"),
    "fits",
  ],
  ["two routes to one model, by the other", "openai/gpt-4o", "azure/gpt-4o", call("openai/gpt-4o", ""), "other"],
  ["names of no family", "m-baseline", "m-canary", call("m-canary", "m-canary"), "fits"],
  ["names of no family, the other's", "m-baseline", "m-canary", call("m-baseline", "m-baseline"), "other"],
] as const)("%s", (_name, baseline, candidate, each, expected) => {
  expect(fit(model(baseline), model(candidate), "canary", each)).toBe(expected);
});

describe("a migration of a prompt", () => {
  const of = (each: CallIdentity, from = "1", to = "2"): Fit =>
    fit(model("gpt-4o", from), model("gpt-4o", to), "canary", each);
  test.each([
    [call("gpt-4o", "gpt-4o", "2"), "fits"],
    [call("gpt-4o", "gpt-4o", "1"), "other"],
    [call("gpt-4o", "gpt-4o", "3"), "other"],
    [call("gpt-4o", "gpt-4o"), "unknown"],
    [{ ...call("gpt-4o", "gpt-4o"), promptName: "checkout" }, "unknown"],
    [{ ...call("gpt-4o", "gpt-4o"), promptVersion: "2" }, "fits"],
    [{ ...call("gpt-4o", "gpt-4o"), promptName: "search" }, "other"],
    [call("gpt-4o-mini", "gpt-4o-mini", "2"), "other"],
  ] as const)("%o is %s", (each, expected) => {
    expect(of(each)).toBe(expected);
  });

  test("of one prompt in both arms nothing has to be known, but another one is another one", () => {
    const one = (each: CallIdentity): Fit => fit(model("gpt-4o", "1"), model("gpt-5", "1"), "canary", each);
    expect(one(call("gpt-5", "gpt-5"))).toBe("fits");
    expect(one(call("gpt-5", "gpt-5", "2"))).toBe("other");
  });
});

test("of one model at two providers the other arm's provider is another configuration; a gateway's name says nothing", () => {
  const of = (provider: string): Fit =>
    fit(
      model("gpt-4o", null, "openai"),
      model("gpt-4o", null, "azure.ai.openai"),
      "canary",
      call("gpt-4o", "gpt-4o", "", provider),
    );
  expect([of("azure.ai.openai"), of("openai"), of("litellm"), of("")]).toEqual(["fits", "other", "fits", "fits"]);
});

test("an identity survives being a key; what is none is null", () => {
  const each = { ...call('a"b', "c\nd", "2"), provider: "openai" };
  expect(readIdentity(identityKey(each))).toEqual(each);
  for (const key of ["", "null", "[1,2,3,4,5]", '["a"]', "{}", "gpt-4o"]) expect(readIdentity(key)).toBeNull();
});
