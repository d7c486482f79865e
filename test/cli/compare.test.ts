import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const data = (name: string): string => join(root, "test/data/llmdrift", name);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leeway-compare-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const compare = (...args: readonly string[]) =>
  spawnSync(process.execPath, ["cli/main.ts", "compare", ...args], { cwd: root, encoding: "utf8" });

const file = (name: string, lines: readonly (object | string)[]): string => {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"));
  return path;
};

describe("leeway compare", () => {
  test("exits 1 on drift and names the families, strongest first", () => {
    const { status, stdout } = compare(data("S2.jsonl"));
    expect(status).toBe(1);
    expect(stdout).toMatch(/^drift: .*50 baseline and 50 canary answers/);
    expect(stdout).toMatch(/code fence +code_fence +up +0 +0\.88/);
  });

  test("exits 0 when nothing is found, with JSON for machines", () => {
    const { status, stdout } = compare(data("S4.jsonl"), "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ schema: "leeway.compare/1", verdict: "none", findings: [], notes: [] });
  });

  test("exits 4 when there are too few answers to say, with how many are missing, and 0 where that is allowed", () => {
    const few = file(
      "few.jsonl",
      Array.from({ length: 40 }, (_, i) => ({ cohort: i % 2 ? "canary" : "baseline", output: "It is fine." })),
    );
    const { status, stdout } = compare(few);
    expect(status).toBe(4);
    expect(stdout).toMatch(/^undecided: too few answers/);
    expect(stdout).toContain("needs 100: 80 more of each cohort");
    expect(compare(few, "--allow-undecided").status).toBe(0);
    expect(compare(data("S2.jsonl"), "--allow-undecided").status).toBe(1);
  });

  test("takes one file per cohort, whatever cohort its lines say", () => {
    const lines = readFileSync(data("S2.jsonl"), "utf8").trim().split("\n");
    const of = (cohort: string) =>
      lines
        .filter((line) => JSON.parse(line).cohort === cohort)
        .map((line) => ({ ...JSON.parse(line), cohort: undefined }));
    const { status, stdout } = compare(
      "--baseline",
      file("a.jsonl", of("baseline")),
      "--canary",
      file("b.jsonl", of("canary")),
      "--json",
    );
    expect(status).toBe(1);
    expect(JSON.parse(stdout).findings).toContainEqual(
      expect.objectContaining({ family: "code fence", direction: "up" }),
    );
  });

  test("writes a page in which production text is escaped", () => {
    const answers = (cohort: string, text: string) =>
      Array.from({ length: 60 }, (_, i) => ({
        cohort,
        task: "<script>x</script>",
        output: `${text} ${"word ".repeat(i % 7)}`,
      }));
    const other = Array.from({ length: 120 }, (_, i) => ({
      cohort: i % 2 ? "canary" : "baseline",
      task: "b",
      output: "fine.",
    }));
    const page = join(folder, "report.html");
    const records = file("html.jsonl", [
      ...answers("baseline", "yes"),
      ...answers("canary", "```js\nx\n```"),
      ...other,
    ]);
    expect(compare(records, "--html", page).status).toBe(1);
    const html = readFileSync(page, "utf8");
    expect(html).toContain("code fence");
    expect(html).not.toContain("<script>");
  });

  test.each([
    ["no JSON", ['{"cohort":"canary"'], /bad\.jsonl:1: no JSON .*; expected one object a line/],
    ["no output", [{ cohort: "canary" }], /bad\.jsonl:1: output: missing; expected text/],
    [
      "an unknown cohort",
      [{ cohort: "canry", output: "x" }],
      /bad\.jsonl:1: cohort: unknown value "canry"; did you mean "canary"\?/,
    ],
    ["one cohort only", [{ cohort: "canary", output: "x" }], /no baseline answer among 1; expected both cohorts/],
    ["nothing at all", [""], /no baseline answer among 0/],
  ])("refuses %s with the line, and exits 2", (_name, lines, message) => {
    const { status, stderr } = compare(file("bad.jsonl", lines));
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });

  test("refuses a missing file, and nothing to compare", () => {
    expect(compare(join(folder, "none.jsonl"))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("cannot be read"),
    });
    expect(compare()).toMatchObject({ status: 2, stderr: expect.stringContaining("--baseline and --canary") });
  });
});
