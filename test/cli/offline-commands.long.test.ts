import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { documentText } from "../agent/config/documents.ts";
import { temporaryDirectory } from "../agent/temporary-directory.ts";
import { leeway } from "./leeway.ts";

const lines = (text: string): readonly string[] => text.split("\n").filter((line) => line !== "");

describe("leeway", () => {
  it("lists its commands, and its version is the package's", async () => {
    const folder = temporaryDirectory();
    const help = await leeway(folder, ["--help"]);
    expect(help.code).toBe(0);
    for (const command of [
      "init",
      "check",
      "start",
      "status",
      "explain",
      "flag",
      "rollback",
      "advance",
      "pause",
      "resume",
      "rearm",
      "reader",
      "demo",
    ]) {
      expect(help.stdout).toMatch(new RegExp(`^  ${command} `, "m"));
    }
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect(await leeway(folder, ["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  it.each([
    ["an unknown command", ["sttus"], "unknown command 'sttus'"],
    ["an unknown option", ["status", "--jsn"], "unknown option '--jsn'"],
    ["a missing argument", ["explain"], "missing required argument 'migration'"],
    ["no command", [], "Usage: leeway"],
  ])("exits 2 on %s", async (_what, args, expected) => {
    const { code, stdout, stderr } = await leeway(temporaryDirectory(), args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(expected);
  });
});

describe("leeway check", () => {
  it("says of a stage of 100% that it has no baseline, and which rules that concerns", async () => {
    const folder = temporaryDirectory();
    await leeway(folder, ["init"]);
    const document = readFileSync(join(folder, "migrations/example.yaml"), "utf8");
    writeFileSync(
      join(folder, "migrations/example.yaml"),
      document.replace("observe: 14d, holdback: 1%", "canary: 100%, for: 14d"),
    );
    const { code, stdout } = await leeway(folder, ["check"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /LOOK: stage 4 of 100% has no baseline to compare with: absolute limits are judged on the canary alone; .*refusal.* cannot be judged, so it does not end by itself\. Let it be 99%/,
    );
  });
});

describe("leeway init", () => {
  it("writes files that check accepts as they are", async () => {
    const folder = temporaryDirectory();
    const { code, stdout } = await leeway(folder, ["init"]);
    expect([code, lines(stdout)]).toEqual([0, ["wrote leeway.yaml", "wrote migrations/example.yaml"]]);
    const checked = await leeway(folder, ["check"]);
    expect([checked.code, checked.stderr]).toEqual([0, ""]);
    expect(checked.stdout).toContain("example: gpt-4o-2024-08-06 -> gpt-5-2026-08, flag support-model on builtin");
    expect(checked.stdout).toContain("stages 5% -> 25% -> 50% (approval) -> observe at 99% for 14.0 d");
    expect(checked.stdout).toContain("segments input_type (50 values at most by themselves)");
    expect(checked.stdout).toMatch(/error +error at most 5% +rollback +5\.30/);
  });

  it("touches nothing that is there", async () => {
    const folder = temporaryDirectory({ "migrations/example.yaml": "mine" });
    const { code, stderr } = await leeway(folder, ["init"]);
    expect([code, lines(stderr)]).toEqual([
      2,
      [expect.stringMatching(/^migrations\/example\.yaml: exists already; expected /)],
    ]);
    expect(existsSync(join(folder, "leeway.yaml"))).toBe(false);
    expect(readFileSync(join(folder, "migrations/example.yaml"), "utf8")).toBe("mine");
  });

  it("writes into another folder when told", async () => {
    const folder = temporaryDirectory();
    expect((await leeway(folder, ["init", "there"])).code).toBe(0);
    expect((await leeway(folder, ["check", "--config", "there/leeway.yaml"])).code).toBe(0);
  });
});

/** What both `check` and `start` refuse: files, and the line people get. */
const REFUSED: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
  ["invalid YAML", { "leeway.yaml": "agent: { tick: 5s\n" }, /^leeway\.yaml: line 2, column 1: .+; expected YAML$/],
  ["an unknown key", { "leeway.yaml": "agnt: {}" }, /^leeway\.yaml: agnt: unknown key "agnt"; did you mean "agent"\?$/],
  ["no configuration", {}, /^leeway\.yaml: cannot be read \(ENOENT\); "leeway init" writes one$/],
  [
    "a variable that is not set",
    { "leeway.yaml": "store: { password: '$" + "{env:LEEWAY_NOPE}' }" },
    /^leeway\.yaml: store\.password: \$LEEWAY_NOPE is not set; expected it in the environment$/,
  ],
  [
    "an unknown key in a document",
    { "leeway.yaml": "", "migrations/m.yaml": documentText({}, "ownr: x") },
    /^migrations\/m\.yaml: ownr: unknown key "ownr"; did you mean "owner"\?$/,
  ],
  [
    "a rule without unit",
    {
      "leeway.yaml": "",
      "migrations/m.yaml": documentText({ rules: "rules: [{ signal: error, limit: 5%, severity: pause }]" }),
    },
    /^migrations\/m\.yaml: rules\[0\]\.unit: missing; expected one of points, relative, absolute, absolute-increase$/,
  ],
  [
    "an unknown flag target",
    { "leeway.yaml": "", "migrations/m.yaml": documentText({ route: "route: { flag: f, target: bultin }" }) },
    /^migrations\/m\.yaml: route\.target: unknown flag target "bultin"; did you mean "builtin"\?$/,
  ],
];

/** A document that is wrong stops nothing but its own migration: `leeway start` says so and goes on. */
const refusedBy = (command: string) =>
  command === "check" ? REFUSED : REFUSED.filter(([, files]) => !("migrations/m.yaml" in files));

describe.each(["check", "start"])("leeway %s", (command) => {
  it.each(refusedBy(command))(
    "refuses %s with the path and what was expected, exit 2",
    async (_what, files, expected) => {
      const folder = temporaryDirectory(files);
      const { code, stdout, stderr } = await leeway(folder, [command]);
      expect([code, stdout]).toEqual([2, ""]);
      expect(lines(stderr)).toEqual([expect.stringMatching(expected)]);
      expect(existsSync(join(folder, ".leeway"))).toBe(false);
    },
  );
});

describe("leeway check", () => {
  it("prints a line for each mistake in all documents", async () => {
    const folder = temporaryDirectory({
      "leeway.yaml": "",
      "migrations/a.yaml": documentText({ owner: "", stages: "stages: []" }),
      "migrations/b.yaml": documentText({ migration: "migration: b", candidate: "" }),
    });
    const { code, stderr } = await leeway(folder, ["check"]);
    expect(code).toBe(2);
    expect(lines(stderr).map((line) => line.split(":").slice(0, 2).join(":"))).toEqual([
      "migrations/a.yaml: owner",
      "migrations/a.yaml: stages",
      "migrations/b.yaml: candidate",
    ]);
  });

  it("looks at the documents it is given, and says that nobody would be told", async () => {
    const folder = temporaryDirectory({
      "leeway.yaml": "",
      "other.yaml": documentText(),
      "migrations/bad.yaml": "x: y",
    });
    const { code, stdout } = await leeway(folder, ["check", "other.yaml"]);
    expect(code).toBe(0);
    expect(stdout).toContain("alerts none: nobody will be told");
    expect(stdout).toContain("m: old -> new");
  });
});
