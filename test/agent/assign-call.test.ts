import { describe, expect, it } from "vitest";
import { assignCall } from "../../agent/assign-call.ts";
import type { UnassignedCall } from "../../collector/collaborators.ts";
import { documentText, migrationOf } from "./config/documents.ts";

const first = migrationOf(
  documentText({
    migration: "migration: first",
    baseline: 'baseline: { model: old, prompt: { name: p, version: "1" } }',
    candidate: 'candidate: { model: new, prompt: { name: p, version: "2" } }',
    match: "match: { service: app, operation: chat }",
  }),
);
const second = migrationOf(
  documentText({
    migration: "migration: second",
    baseline: "baseline: { model: small, provider: openai }",
    candidate: "candidate: { model: small, provider: azure }",
    match: "match: { service: app }",
    route: "route: { flag: size, target: builtin }",
  }),
);

const CALL: UnassignedCall = {
  service: "app",
  operation: "chat",
  provider: "openai",
  request_model: "other",
  response_model: "",
  prompt_name: "",
  prompt_version: "",
  flag_key: "",
  flag_variant: "",
  explicitCohort: "",
  explicitMigration: "",
};

const assigned = (fields: Partial<UnassignedCall>): string => {
  const { migration, cohort } = assignCall([first, second], { ...CALL, ...fields });
  return `${migration}/${cohort}`;
};

describe("which arm of which migration a call belongs to", () => {
  it.each([
    ["the cohort on the span", { explicitCohort: "canary" }, "first/canary"],
    ["before the flag", { explicitCohort: "baseline", flag_key: "model", flag_variant: "canary" }, "first/baseline"],
    ["before the model", { explicitCohort: "baseline", request_model: "new" }, "first/baseline"],
    ["shadow calls, which are in no arm", { explicitCohort: "shadow" }, "first/shadow"],
    ["the variant of the migration's flag", { flag_key: "model", flag_variant: "canary" }, "first/canary"],
    [
      "before the model: a fallback stays where it was sent",
      { flag_key: "model", flag_variant: "canary", request_model: "old" },
      "first/canary",
    ],
    [
      "the model, where another flag was asked",
      { flag_key: "theme", flag_variant: "canary", request_model: "old" },
      "first/baseline",
    ],
    [
      "the model, where the variant is no cohort",
      { flag_key: "model", flag_variant: "on", request_model: "new" },
      "first/canary",
    ],
    ["the baseline's model", { request_model: "old" }, "first/baseline"],
    ["the candidate's model", { request_model: "new" }, "first/canary"],
    ["the model with its prompt", { request_model: "new", prompt_name: "p", prompt_version: "2" }, "first/canary"],
    [
      "neither arm: the model with another prompt",
      { request_model: "new", prompt_name: "p", prompt_version: "1" },
      "/",
    ],
    ["neither arm: another model", { request_model: "other" }, "/"],
    ["not by the model that answered", { request_model: "other", response_model: "new" }, "/"],
    ["another service", { service: "batch", request_model: "new" }, "/"],
    ["another operation", { operation: "embeddings", request_model: "new" }, "/"],
    ["the provider, where the models are the same", { request_model: "small", provider: "azure" }, "second/canary"],
    ["the migration on the span", { explicitMigration: "second", explicitCohort: "canary" }, "second/canary"],
    [
      "also from a service nobody named",
      { explicitMigration: "second", explicitCohort: "canary", service: "x" },
      "second/canary",
    ],
    ["a migration nobody declared", { explicitMigration: "third", explicitCohort: "canary" }, "/"],
    ["of two migrations, the one whose flag was asked", { flag_key: "size", flag_variant: "canary" }, "second/canary"],
    [
      "also when the model fits the other",
      { flag_key: "size", flag_variant: "baseline", request_model: "old" },
      "second/baseline",
    ],
    [
      "also when the cohort is on the span",
      { flag_key: "size", flag_variant: "canary", explicitCohort: "canary" },
      "second/canary",
    ],
  ] as const)("%s", (_what, fields, expected) => expect(assigned(fields)).toBe(expected));

  it("is none without migrations", () => {
    expect(assignCall([], { ...CALL, explicitCohort: "canary" })).toEqual({ migration: "", cohort: "" });
  });
});
