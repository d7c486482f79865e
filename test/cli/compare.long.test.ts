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
    const read = { entries: 800, left_out: [], remarks: [], repeated: 0, lost_share: 0 };
    const would_have_found = { from: 0.1, rise: expect.closeTo(0.13, 1), shift: expect.any(Number), of_cases: 0.9 };
    const notes = [expect.stringMatching(/^would have found, in 9 of 10 cases, a rise of 1\d points from 10%/)];
    const schema = "leeway.compare/2";
    expect(JSON.parse(stdout)).toEqual({ schema, verdict: "none", findings: [], notes, would_have_found, read });
  });

  test("exits 4 when there are too few answers to say, with how many are missing, and 0 where that is allowed", () => {
    const few = file(
      "few.jsonl",
      Array.from({ length: 40 }, (_, i) => ({ cohort: i % 2 ? "canary" : "baseline", output: "It is fine." })),
    );
    const { status, stdout } = compare(few);
    expect(status).toBe(4);
    expect(stdout).toMatch(/^undecided: too little/);
    const [, needed = "", more = ""] =
      /takes about (\d+) of each cohort, gathered as these are: (\d+) more/.exec(stdout) ?? [];
    expect(Number(needed) - Number(more)).toBe(20);
    // What it says is true: as many equal answers are enough for "none".
    const enough = Array.from({ length: 2 * Number(needed) }, (_, i) => ({
      ...{ cohort: i % 2 ? "canary" : "baseline", output: "It is fine." },
    }));
    expect(compare(file("enough.jsonl", enough)).status).toBe(0);
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
    ["no JSON", ['{"cohort":"canary"'], /no JSON; expected one object a line \(first .*bad\.jsonl:1\)/],
    ["no output", [{ cohort: "canary" }], /output: missing; expected text \(first .*bad\.jsonl:1\)/],
    [
      "an unknown cohort",
      [{ cohort: "canry", output: "x" }],
      /cohort: unknown value "canry"; did you mean "canary"\? \(first .*bad\.jsonl:1\)/,
    ],
    ["one cohort only", [{ cohort: "canary", output: "x" }], /no baseline answer among 1; expected both cohorts/],
    ["nothing at all", [""], /no baseline answer among 0/],
  ])("refuses %s with the line, and exits 2", (_name, lines, message) => {
    const { status, stderr } = compare(file("bad.jsonl", lines));
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });

  describe("lines that cannot be read are left out and told", () => {
    const equal = (n: number, cut: number): readonly (object | string)[] => [
      ...Array.from({ length: 2 * n }, (_, i) => ({
        ...{ cohort: i % 2 ? "canary" : "baseline", prompt_id: null, latency_ms: null, scores: null },
        output: `Your order ${i % 90} is on its way.`,
      })),
      ...Array.from({ length: cut }, () => '{"cohort":"canary","outp'),
    ];

    test("a few of them: the rest decides", () => {
      const { status, stdout } = compare(file("few-lost.jsonl", equal(150, 5)));
      expect(stdout).toContain("note: 5 of 305 entries were left out: 5 × no JSON");
      expect(status).toBe(0);
    });

    test("many of them: nothing found is no pass", () => {
      const { status, stdout } = compare(file("many-lost.jsonl", equal(150, 50)));
      expect([status, stdout.split(":")[0]]).toEqual([4, "undecided"]);
      expect(stdout).toContain("14.3% of a file could not be read");
    });

    test("strictly, none: exit 2 with file and line", () => {
      const { status, stderr } = compare(file("strict.jsonl", equal(150, 1)), "--strict");
      expect(status).toBe(2);
      expect(stderr).toMatch(/strict\.jsonl:301: no JSON; expected one object a line/);
    });
  });

  test("refuses a missing file, and nothing to compare", () => {
    expect(compare(join(folder, "none.jsonl"))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("cannot be read"),
    });
    expect(compare()).toMatchObject({ status: 2, stderr: expect.stringContaining("--baseline and --canary") });
  });
});
