import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isBuiltinTarget } from "../../../alerts/flags/builtin.ts";
import { createFlagTarget, flagTargetConfig } from "../../../alerts/flags/create-flag-target.ts";
import { recordingLog } from "../recording-log.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const issuesOf = (input: unknown): string[] =>
  (flagTargetConfig.safeParse(input).error?.issues ?? []).map((i) => `${i.path.join(".")}: ${i.message}`);

describe("the configuration of a flag target", () => {
  it("has a file for type builtin, with a default", () => {
    expect(flagTargetConfig.parse({ type: "builtin" })).toEqual({ type: "builtin", file: ".leeway/flags.json" });
  });

  it("goes on being read under what version 0.1 called its type", () => {
    expect(flagTargetConfig.parse({ type: "ofrep", file: "x" })).toEqual({ type: "builtin", file: "x" });
  });

  it("refuses an unknown type with the types there are, and repeats nothing else", () => {
    expect(issuesOf({ type: "unlesh", token: "s3cret" })).toEqual([
      'type: unknown flag target type "unlesh"; expected one of: builtin',
    ]);
  });

  it.each([[{}], [null], ["builtin"], [{ type: 3 }], [[]]])("refuses %j as having no type", (input) => {
    expect(issuesOf(input)).toEqual([expect.stringMatching(/: flag target without a type; expected one of: builtin$/)]);
  });

  it("refuses a type named like a method of objects", () => {
    expect(issuesOf({ type: "constructor" })).toHaveLength(1);
  });

  it("passes on what the type's own schema refuses", () => {
    expect(issuesOf({ type: "builtin", fil: "x" })).toEqual([': Unrecognized key: "fil"']);
    expect(issuesOf({ type: "builtin", file: "" })[0]).toMatch(/^file: /);
  });

  it("creates the target under the name it has in leeway.yaml", async () => {
    const file = join(temporaryDirectory(), "flags.json");
    const target = createFlagTarget("prod", flagTargetConfig.parse({ type: "builtin", file }), { log: recordingLog() });
    expect(target.name).toBe("prod");
    expect(isBuiltinTarget(target)).toBe(true);
    const flag = target.bind({ flag: "x", target: "prod" }, { baseline: "old", canary: "new" });
    expect(await flag.read()).toMatchObject({ flag: "x", share: 0 });
    expect([flag.flag, flag.target]).toEqual(["x", "prod"]);
  });
});
