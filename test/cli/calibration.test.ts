import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CalibrationFlags, runCalibration } from "../../cli/commands/calibration.ts";
import { seededRandom } from "../../core/seeded-random.ts";
import { leeway } from "./leeway.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leeway-calibration-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, lines: readonly object[]): string => {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => JSON.stringify(line)).join("\n"));
  return path;
};

const DEFAULTS = { atLeast: "0.5", threshold: "0.8", keep: "both", margin: "5%" };

const calibration = async (records: string | null, flags: Partial<CalibrationFlags> = {}) => {
  let text = "";
  const code = await runCalibration(records, { ...DEFAULTS, ...flags }, (more) => {
    text += more;
  });
  return { code, text };
};

const answers = (cohort: string, n: number, shift: number, seed: number): readonly object[] => {
  const random = seededRandom(seed);
  return Array.from({ length: n }, () => {
    const confidence = random();
    return { cohort, output: "x", confidence, correct: random() < confidence + shift };
  });
};

describe("leeway calibration", () => {
  test("exits 1 where the candidate's confidence means something else, with every figure's interval", async () => {
    const path = file("drift.jsonl", [...answers("baseline", 1500, 0, 1), ...answers("canary", 1500, 0.2, 2)]);
    const { code, text } = await calibration(path);
    expect(code).toBe(1);
    expect(text).toMatch(/^drift: .*1,500 baseline and 1,500 canary answers/);
    expect(text).toMatch(/Brier score +0\.\d+ \(0\.\d+ to 0\.\d+\) +0\.\d+ \(/);
    expect(text).toMatch(/0\.80 +precision +\d[\d.]*% \(.*%\) +0\.\d\d \(0\.\d\d to 0\.\d\d\)/);
    expect(text).toMatch(/plain expected calibration error is 0\.\d+, about 0\.\d+ of it by chance/);
  });

  test("exits 0 where it means the same, and 4 with too few answers and how many would do", async () => {
    const many = file("same.jsonl", [...answers("baseline", 4000, 0, 1), ...answers("canary", 4000, 0, 2)]);
    expect((await calibration(many, { threshold: "0.9", keep: "recall" })).code).toBe(0);
    const few = file("few.jsonl", [...answers("baseline", 50, 0, 1), ...answers("canary", 50, 0, 2)]);
    const { code, text } = await calibration(few);
    expect(code).toBe(4);
    expect(text).toMatch(/takes about [\d,]+ answers of each to decide/);
    expect((await calibration(few, { allowUndecided: true })).code).toBe(0);
  });

  test("prints JSON that gives the same for the same files", async () => {
    const baseline = file("b.jsonl", answers("baseline", 100, 0, 1));
    const canary = file("c.jsonl", answers("canary", 100, 0, 2));
    const first = await calibration(null, { baseline, canary, json: true });
    expect(first).toEqual(await calibration(null, { baseline, canary, json: true }));
    const found = JSON.parse(first.text);
    expect(found).toMatchObject({
      schema: "leeway.calibration/1",
      verdict: "undecided",
      confidence: "stated",
      seed: 20_260,
    });
    expect(found.thresholds).toHaveLength(2);
  });

  test("is undecided where one side has no confidence, and says so", async () => {
    const canary = answers("canary", 50, 0, 2).map((each) => ({ ...each, confidence: null }));
    const { code, text } = await calibration(file("one.jsonl", [...answers("baseline", 50, 0, 1), ...canary]));
    expect(code).toBe(4);
    expect(text).toContain("note: canary: no confidence in 50 of 50 answers");
    expect(text).toMatch(/Brier score +0\.\d+ \(.*\) +unknown/);
  });

  test("writes a page with plots, in which nothing of the files is markup", async () => {
    const html = join(folder, "page.html");
    const scored = (cohort: string, seed: number) =>
      answers(cohort, 60, 0, seed).map((each, i) => ({ ...each, scores: { "<script>x</script>": i % 2 } }));
    const path = file("hostile.jsonl", [...scored("baseline", 1), ...scored("canary", 2)]);
    const { text } = await calibration(path, {
      html,
      score: "<script>x</script>\u001b[2J",
      allowUndecided: true,
    }).catch((error: Error) => ({ text: error.message }));
    expect(text).toContain("none of 120 answers has both a confidence and an outcome");
    await calibration(path, { html, score: "<script>x</script>" });
    const page = readFileSync(html, "utf8");
    expect(page).toContain("<svg");
    expect(page).toContain("reliability curve of the canary");
    expect(page).not.toContain("<script>");
  });

  test.each<[string, Partial<CalibrationFlags>, RegExp]>([
    ["a threshold beyond 1", { threshold: "0.5,1.5" }, /--threshold: "1\.5"; expected 0 to 1, or a percentage/],
    ["no margin", { margin: "0" }, /--margin: "0"; expected more than 0/],
    ["another kind", { confidence: "mood" }, /--confidence: "mood"; expected stated or logprob/],
    ["nothing to keep", { keep: "f1" }, /--keep: "f1"; expected precision, recall or both/],
    ["no number to reach", { score: "x", atLeast: "high" }, /--at-least: "high"; expected a number/],
  ])("refuses %s", async (_name, flags, message) => {
    await expect(calibration(file("any.jsonl", answers("canary", 3, 0, 1)), flags)).rejects.toThrow(message);
  });

  test("ends with 2 for bad input, as a process", async () => {
    const path = file("none.jsonl", [
      { cohort: "canary", output: "x" },
      { cohort: "baseline", output: "y" },
    ]);
    const { code, stderr } = await leeway(folder, ["calibration", path]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/none of 2 answers has both a confidence and an outcome; expected confidence/);
  });
});
