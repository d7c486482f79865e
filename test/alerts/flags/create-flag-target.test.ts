import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { isBuiltinTarget } from "../../../alerts/flags/builtin.ts";
import { createFlagTarget, FLAG_TARGET_TYPES, flagTargetSchema } from "../../../alerts/flags/create-flag-target.ts";
import type { FlagTargetType } from "../../../alerts/flags/flag-target-type.ts";
import { flip } from "../../../alerts/flip.ts";
import { createLedgerWriter } from "../../../alerts/ledger-writer.ts";
import { recordingLedger } from "../recording-ledger.ts";
import { recordingLog } from "../recording-log.ts";
import { scriptedTarget } from "../scripted-target.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const KNOWN = FLAG_TARGET_TYPES.map(({ type }) => type).join(", ");

const issuesOf = (input: unknown): string[] =>
  (flagTargetSchema().safeParse(input).error?.issues ?? []).map((i) => `${i.path.join(".")}: ${i.message}`);

describe("the configuration of a flag target", () => {
  it("has a file for type builtin, with a default", () => {
    expect(flagTargetSchema().parse({ type: "builtin" })).toEqual({ type: "builtin", file: ".leeway/flags.json" });
  });

  it("goes on being read under what version 0.1 called its type", () => {
    expect(flagTargetSchema().parse({ type: "ofrep", file: "x" })).toEqual({ type: "builtin", file: "x" });
  });

  it("refuses an unknown type with the types there are, and repeats nothing else", () => {
    expect(issuesOf({ type: "unlesh", token: "s3cret" })).toEqual([
      `type: unknown flag target type "unlesh"; expected one of: ${KNOWN}`,
    ]);
  });

  it.each([[{}], [null], ["builtin"], [{ type: 3 }], [[]]])("refuses %j as having no type", (input) => {
    const [issue, ...others] = issuesOf(input);
    expect(issue).toMatch(/^(type)?: flag target without a type; expected one of: /);
    expect([issue?.endsWith(`: ${KNOWN}`), others]).toEqual([true, []]);
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
    const target = createFlagTarget("prod", flagTargetSchema().parse({ type: "builtin", file }), {
      log: recordingLog(),
      now: Date.now,
    });
    expect(target.name).toBe("prod");
    expect(isBuiltinTarget(target)).toBe(true);
    const flag = target.bind({ flag: "x", target: "prod" }, { baseline: "old", canary: "new" });
    expect(await flag.read()).toMatchObject({ flag: "x", share: 0 });
    expect([flag.flag, flag.target]).toEqual(["x", "prod"]);
  });
});

describe("a type of flag system that is one file and one line", () => {
  const toggles: FlagTargetType<{ readonly type: "toggles"; readonly start: number }> = {
    type: "toggles",
    formerTypes: [],
    files: [],
    capabilities: {
      kill: false,
      segments: false,
      guards: false,
      shareStep: 0.01,
      propagationMs: 30_000,
      pollMs: 60_000,
    },
    schema: z.strictObject({ type: z.literal("toggles"), start: z.number() }),
    create: (name, { start }) => ({
      name,
      bind: (route) => ({ ...scriptedTarget(start), ...route, capabilities: toggles.capabilities }),
      problem: () => "",
      close: async () => undefined,
    }),
  };
  const types = [...FLAG_TARGET_TYPES, toggles];

  it("is configured, listed among the known ones, created and flipped like any other", async () => {
    const schema = flagTargetSchema(types);
    expect(schema.safeParse({ type: "toggels" }).error?.issues[0]?.message).toContain(
      `expected one of: ${KNOWN}, toggles`,
    );
    const target = createFlagTarget(
      "prod",
      schema.parse({ type: "toggles", start: 0.05 }),
      { log: recordingLog(), now: Date.now },
      types,
    );
    const flag = target.bind({ flag: "model", target: "prod" }, { baseline: "old", canary: "new" });
    const ledger = createLedgerWriter({}, { appendLedger: recordingLedger().append, log: recordingLog() });
    const request = { migration: "m", incident: "i", action: "a", by: "agent", share: 0, guard: null };
    expect(await flip(request, { flag, ledger, now: () => 1 })).toMatchObject({
      outcome: "confirmed",
      state: { share: 0 },
    });
  });
});
