import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isBuiltinTarget } from "../../../alerts/flags/builtin.ts";
import { createFlagTarget, flagTargetConfig } from "../../../alerts/flags/create-flag-target.ts";
import { recordingLog } from "../recording-log.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const issuesOf = (input: unknown): string[] =>
  (flagTargetConfig.safeParse(input).error?.issues ?? []).map((i) => `${i.path.join(".")}: ${i.message}`);

describe("the configuration of a flag target", () => {
  it("has a file for type ofrep, with a default", () => {
    expect(flagTargetConfig.parse({ type: "ofrep" })).toEqual({ type: "ofrep", file: ".leeway/flags.json" });
  });

  it("refuses an unknown type with the types there are, and repeats nothing else", () => {
    expect(issuesOf({ type: "unlesh", token: "s3cret" })).toEqual([
      'type: unknown flag target type "unlesh"; expected one of: ofrep',
    ]);
  });

  it.each([[{}], [null], ["ofrep"], [{ type: 3 }], [[]]])("refuses %j as having no type", (input) => {
    expect(issuesOf(input)).toEqual(["type: flag target without a type; expected one of: ofrep"]);
  });

  it("refuses a type named like a method of objects", () => {
    expect(issuesOf({ type: "constructor" })).toHaveLength(1);
  });

  it("passes on what the type's own schema refuses", () => {
    expect(issuesOf({ type: "ofrep", fil: "x" })).toEqual([': Unrecognized key: "fil"']);
    expect(issuesOf({ type: "ofrep", file: "" })[0]).toMatch(/^file: /);
  });

  it("creates the target under the name it has in leeway.yaml", async () => {
    const file = join(temporaryDirectory(), "flags.json");
    const target = createFlagTarget("prod", { type: "ofrep", file }, { log: recordingLog() });
    expect(target.name).toBe("prod");
    expect(isBuiltinTarget(target)).toBe(true);
    expect(await target.read("x")).toMatchObject({ why: "not-found" });
  });
});
