import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report, Thrown } from "./fail-open/throw-everywhere.ts";

/** Every function of ours throws in turn, in a process of its own; takes about 40 s. */
const throwEverywhere = async (spool: string): Promise<Report> => {
  const script = join(import.meta.dirname, "fail-open", "throw-everywhere.ts");
  const child = spawn(process.execPath, [script, spool], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  for await (const part of child.stdout) output += part;
  return JSON.parse(output);
};

const isOwn = (line: string): boolean => line.includes("instrumentation is off");

describe("whichever function of ours throws", () => {
  const spool = mkdtempSync(join(tmpdir(), "leeway-fail-open-"));
  let report: Report;
  beforeAll(async () => {
    report = await throwEverywhere(spool);
  }, 300_000);
  afterAll(() => rmSync(spool, { recursive: true, force: true }));
  const those = (harmful: (run: Thrown) => boolean): readonly string[] =>
    report.runs.filter(harmful).map(({ file, name }) => `${file} ${name}`);

  it("is one of many that were made to throw", () => {
    expect(report.healthy).toMatchObject({ seen: report.without, printed: [], escaped: [] });
    expect(report.runs.filter(({ threw }) => threw > 0).length).toBeGreaterThan(400);
  });

  it("the app sees what it sees without us: results, chunks and errors", () => {
    const expected = JSON.stringify(report.without);
    expect(those(({ seen }) => JSON.stringify(seen) !== expected)).toEqual([]);
  });

  it("nothing reaches the process: no uncaught exception, no unhandled rejection", () => {
    expect(those(({ escaped }) => escaped.length > 0)).toEqual([]);
  });

  it("it is told in one line, once, that quotes nothing", () => {
    expect(those(({ printed }) => printed.filter(isOwn).length > 1)).toEqual([]);
    expect(those(({ printed }) => printed.some((line) => !/^leeway: [^\n]*\n$/.test(line)))).toEqual([]);
    expect(those(({ printed }) => printed.join("").includes("thrown by the test"))).toEqual([]);
    const told = report.runs.filter(({ printed }) => printed.some(isOwn));
    expect(told.length).toBeGreaterThan(report.runs.length * 0.8);
  });
});
