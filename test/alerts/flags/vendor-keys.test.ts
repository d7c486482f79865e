import { describe, expect, it } from "vitest";
import { flagTargetSchema } from "../../../alerts/flags/create-flag-target.ts";

const SECRET = "tok-s3cret";

/** A whole entry of each system whose keys are these. */
const ENTRIES = [
  { type: "launchdarkly", token: SECRET, project: "default", environment: "production" },
  { type: "growthbook", token: SECRET, environment: "production" },
  { type: "flagsmith", token: SECRET, project: 12, environment: "AbCd" },
  { type: "statsig", token: SECRET },
  { type: "posthog", token: SECRET, project: "12" },
] as const;

const issuesOf = (input: object): readonly string[] =>
  (flagTargetSchema().safeParse(input).error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);

describe.each(ENTRIES)("the entry of $type", (entry) => {
  it("needs no address for the vendor's own cloud, and takes one without its last slash", () => {
    expect(flagTargetSchema().parse(entry)).toMatchObject({ url: expect.stringMatching(/^https:\/\/[a-z.]+[a-z]$/) });
    expect(flagTargetSchema().parse({ ...entry, url: "http://flags.internal:8000/base//" })).toMatchObject({
      url: "http://flags.internal:8000/base",
    });
  });

  it.each([
    ["a line break in the token", { token: `${SECRET}\n` }],
    ["a blank in the token", { token: `Bearer ${SECRET}` }],
    ["an empty token", { token: "" }],
    ["no token", { token: undefined }],
    ["a token in another script", { token: `${SECRET}é` }],
    ["an address with a password", { url: `https://me:${SECRET}@flags.internal` }],
    ["an address with a query", { url: `https://flags.internal?token=${SECRET}` }],
    ["an address of another kind", { url: "file:///etc/passwd" }],
    ["a duration without a unit", { propagation: "30" }],
    ["a duration of days", { propagation: "3d" }],
    ["a key it does not know", { tokn: SECRET }],
  ])("refuses %s, and repeats no secret", (_what, keys) => {
    const issues = issuesOf({ ...entry, ...keys });
    expect(issues).toHaveLength(1);
    expect(issues.join()).not.toContain(SECRET);
  });

  it("takes how long apps need to see a flip, in ms", () => {
    expect(flagTargetSchema().parse({ ...entry, propagation: "90s" })).toMatchObject({ propagation: 90_000 });
  });
});

describe("what the flag system calls things", () => {
  it.each(["a b", "a/b", "", "a?b", "a\nb"])("refuses the environment %j", (environment) => {
    expect(issuesOf({ ...ENTRIES[0], environment })).toHaveLength(1);
  });

  it.each(["x", 0, -1, 1.5, ""])("refuses the project number %j", (project) => {
    expect(issuesOf({ ...ENTRIES[4], project })).toHaveLength(1);
  });
});
