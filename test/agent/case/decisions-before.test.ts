import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { newRecord, putRecord, RECORDS_FILE } from "../../../agent/case/case-records.ts";
import { decisionsBefore } from "../../../agent/case/decisions-before.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leeway-decisions-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const AT = Date.parse("2026-09-01T10:00:00Z");
const put = (migration: string, reason: string, at: number): void => {
  const said = { migration, document: "v2:a", by: "ana", reason, revisit: null, advice: "migrate" } as const;
  const path = join(folder, RECORDS_FILE);
  putRecord(path, RECORDS_FILE, newRecord({ ...said, decision: "migrate" }, at));
};

it("has one migration's decisions, in their order", () => {
  put("m", "first", AT);
  put("another", "else", AT + 1);
  put("m", "second", AT + 2);
  const { records, problem } = decisionsBefore(folder, "m");
  expect(records.map(({ at, reason }) => [at, reason])).toEqual([
    [AT, "first"],
    [AT + 2, "second"],
  ]);
  expect(problem).toBe("");
});

it("has none where there is no file", () => {
  expect(decisionsBefore(folder, "m")).toEqual({ records: [], problem: "" });
});

it("says what is wrong with a file that is none, and throws nothing", () => {
  writeFileSync(join(folder, RECORDS_FILE), "{ no json\n");
  const { records, problem } = decisionsBefore(folder, "m");
  expect(records).toEqual([]);
  expect(problem).toContain("decisions.jsonl: line 1");
});
