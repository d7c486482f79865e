import { lstatSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { TEXT_FILE } from "../../../alerts/flags/file-target.ts";
import type { RoutedFlag } from "../../../alerts/flags/flag-target.ts";
import { createFlagdTarget, flagd } from "../../../alerts/flags/flagd.ts";
import { FILE_VALUES, flagdText } from "./start-flagd.ts";

const folder = mkdtempSync(join(tmpdir(), "leeway-flagd-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, "flags.json");
const bound = (path = file, flag = "model"): RoutedFlag =>
  createFlagdTarget({ name: "file", type: "flagd", file: path }).bind({ flag, target: "file" }, FILE_VALUES);
beforeEach(() => writeFileSync(file, flagdText("ENABLED", 5)));

const VARIANTS = { canary: "gpt-new", baseline: "gpt-old", spare: "gpt-x" };
const FRACTION = {
  fractional: [
    ["canary", 5],
    ["baseline", 95],
  ],
};
const write = (flag: object, more: object = {}): void =>
  writeFileSync(
    file,
    JSON.stringify({
      flags: { model: { state: "ENABLED", variants: VARIANTS, defaultVariant: "baseline", ...flag } },
      ...more,
    }),
  );

describe("a flag of flagd whose share is known", () => {
  it.each<[string, object, number]>([
    ["a fractional rule", FRACTION, 0.05],
    [
      "weights that are no percents",
      {
        fractional: [
          ["canary", 1],
          ["baseline", 3],
        ],
      },
      0.25,
    ],
    [
      "a third arm",
      {
        fractional: [
          ["canary", 10],
          ["baseline", 80],
          ["spare", 10],
        ],
      },
      0.1,
    ],
    ["buckets without weights", { fractional: [["canary"], ["baseline"]] }, 0.5],
    ["a condition before it", { if: [{ "==": [{ var: "plan" }, "free"] }, "baseline", FRACTION] }, 0.05],
    [
      "a condition that makes it apply, and the default variant else",
      { if: [{ in: ["a", { var: "region" }] }, FRACTION] },
      0.05,
    ],
    ["conditions within conditions", { if: [{ var: "a" }, "spare", { if: [{ var: "b" }, null, FRACTION] }] }, 0.05],
    ["no candidate anywhere", { if: [{ var: "a" }, "spare", "baseline"] }, 0],
  ])("%s", async (_name, targeting, share) => {
    write({ targeting });
    expect(await bound().read()).toMatchObject({ share });
  });

  it("is written in the weights there are where they can hold it, and in percents else", async () => {
    write({
      targeting: {
        fractional: [
          ["canary", 1],
          ["baseline", 999],
        ],
      },
    });
    await bound().setShare(0.005, null);
    expect(readFileSync(file, "utf8")).toContain('["canary",5],["baseline",995]');
    write({ targeting: { fractional: [["canary"], ["baseline"]] } });
    expect(await bound().setShare(0.05, null)).toMatchObject({ outcome: "written", state: { share: 0.05 } });
    expect(readFileSync(file, "utf8")).toContain('["canary", 5],["baseline", 95]');
  });
});

describe("a flag of flagd whose share cannot be set", () => {
  const evaluators = { $evaluators: { rollout: FRACTION } };
  it.each<[string, object, object, string]>([
    [
      "chosen users get the candidate",
      { targeting: { if: [{ var: "staff" }, "canary", FRACTION] } },
      {},
      "chosen users",
    ],
    ["the default is the candidate", { targeting: FRACTION, defaultVariant: "canary" }, {}, "default variant"],
    ["two rules have it", { targeting: { if: [{ var: "a" }, FRACTION, FRACTION] } }, {}, "several fractional rules"],
    ["the rule is another flag's as well", { targeting: { $ref: "rollout" } }, evaluators, "shared with other flags"],
    ["a variant is computed", { targeting: { var: "model" } }, {}, '"var"'],
    [
      "weights are computed",
      {
        targeting: {
          fractional: [
            ["canary", { var: "w" }],
            ["baseline", 5],
          ],
        },
      },
      {},
      "no plain",
    ],
    ["there is no rule", {}, {}, "no fractional rule"],
    [
      "no variant is the candidate's",
      { targeting: FRACTION, variants: { canary2: "x", baseline: "gpt-old" } },
      {},
      "no variant",
    ],
    ["nothing but the candidate is dealt", { targeting: { fractional: [["canary", 1]] } }, {}, "one of the baseline"],
  ])("%s: it says so, and goes off all the same", async (_name, flag, more, why) => {
    write(flag, more);
    const before = readFileSync(file, "utf8");
    expect(await bound().setShare(0.3, null)).toMatchObject({
      outcome: "failed",
      why: "permanent",
      detail: expect.stringContaining(why),
    });
    expect(readFileSync(file, "utf8")).toBe(before);
    expect(await bound().setShare(0, null)).toMatchObject({ state: { share: 0 } });
    expect(["ENABLED", "DISABLED"]).toContain(JSON.parse(readFileSync(file, "utf8")).flags.model.state);
    expect(await bound().read()).toMatchObject({ share: 0 });
  });
});

describe("the file", () => {
  it("is not written while it is broken, not even to switch off", async () => {
    const half = flagdText("ENABLED", 50).slice(0, 500);
    writeFileSync(file, half);
    expect(await bound().setShare(0, null)).toMatchObject({
      outcome: "failed",
      detail: expect.stringContaining("is left alone"),
    });
    expect(readFileSync(file, "utf8")).toBe(half);
  });

  it("keeps its rights, and a link to it stays a link", async () => {
    const link = join(folder, "link.json");
    rmSync(link, { force: true });
    symlinkSync(file, link);
    const { mode } = statSync(file);
    expect(await bound(link).setShare(0.5, null)).toMatchObject({ outcome: "written" });
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect([statSync(file).mode, JSON.parse(readFileSync(file, "utf8")).flags.model.state]).toEqual([mode, "ENABLED"]);
  });

  it("may be YAML: comments stay where they are", async () => {
    const path = join(folder, "flags.yaml");
    const text = (state: string, weight: number): string =>
      `# flags of support\nflags:\n  model: # the model\n    state: ${state}\n    variants: {canary: gpt-new, baseline: 'gpt-old'}\n    defaultVariant: baseline\n    targeting:\n      fractional:\n        - [canary, ${weight}] # share\n        - - baseline\n          - ${100 - weight}\n`;
    writeFileSync(path, text("ENABLED", 5));
    await bound(path).setShare(0.25, null);
    expect(readFileSync(path, "utf8")).toBe(text("ENABLED", 25));
    await bound(path).setShare(0, null);
    expect(readFileSync(path, "utf8")).toBe(text("DISABLED", 25));
  });

  it("keeps what somebody else writes to another flag in between, and what two migrations write at once", async () => {
    let hasLooked = false;
    const disk = {
      ...TEXT_FILE,
      read: async (path: string) => {
        const text = await TEXT_FILE.read(path);
        if (!hasLooked) writeFileSync(file, text.replace('["on", 30], ["off",70]', '["on", 31], ["off",69]'));
        hasLooked = true;
        return text;
      },
    };
    const target = createFlagdTarget({ name: "file", type: "flagd", file }, { disk });
    const flag = target.bind({ flag: "model", target: "file" }, FILE_VALUES);
    const other = target.bind({ flag: "other", target: "file" }, FILE_VALUES);
    const guard = {
      revision: "revision" in (await bound().read()) ? String(Object(await bound().read()).revision) : "",
    };
    const [one, two] = await Promise.all([flag.setShare(0.5, guard), other.setShare(0.2, null)]);
    expect([one, two]).toMatchObject([{ outcome: "written" }, { outcome: "written" }]);
    const { flags } = JSON.parse(readFileSync(file, "utf8"));
    expect(flags.other.targeting.fractional).toEqual([
      ["on", 20],
      ["off", 80],
    ]);
    expect(flags.model.targeting.if[2].fractional[1]).toEqual(["canary", 50]);
  });

  it("is another revision with another version in its metadata", async () => {
    const revision = async () => Object(await bound().read()).revision;
    const before = await revision();
    writeFileSync(file, readFileSync(file, "utf8").replace('"version": "7"', '"version": "8"'));
    expect(await revision()).not.toBe(before);
  });

  it.each(["__proto__", "constructor", "toString", "flags"])("has no flag %s", async (name) => {
    expect(await bound(file, name).read()).toMatchObject({ outcome: "failed", why: "not-found" });
  });

  it("does not fall over by its depth or by references to itself", async () => {
    writeFileSync(file, `{"flags":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}}`);
    expect(await bound().read()).toMatchObject({ outcome: "failed" });
    write({ targeting: { $ref: "a" } }, { $evaluators: { a: { $ref: "a" } } });
    expect(await bound().read()).toMatchObject({ outcome: "failed", detail: expect.stringContaining("deep nesting") });
  });
});

it("is configured by its file", () => {
  expect(flagd.schema.parse({ type: "flagd", file: "flags.json" })).toEqual({ type: "flagd", file: "flags.json" });
  expect(flagd.schema.safeParse({ type: "flagd" }).success).toBe(false);
  expect(flagd.files).toEqual(["file"]);
});
