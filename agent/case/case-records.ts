import { createHash } from "node:crypto";
import { appendFileSync, existsSync } from "node:fs";
import { z } from "zod";
import { daysUntil } from "../../core/days-until.ts";
import { LeewayError, messageOf } from "../../core/errors.ts";
import { day } from "../config/day.ts";
import { parseJson } from "../config/parse-json.ts";
import { configInvalid, type Problem, parseWith } from "../config/problem.ts";
import { readText } from "../config/read-text.ts";

/** The file beside leeway.yaml that people's words on migrations are appended to, a line each, to be committed with the documents. */
export const RECORDS_FILE = "decisions.jsonl";

/** What a person decided about a migration before it began. */
export interface CaseRecord {
  readonly schema: "leeway.decision/1";
  /** The same decision of the same person has the same. */
  readonly id: string;
  /** RFC 3339. */
  readonly at: string;
  readonly migration: string;
  /** Hash of the document that was decided on. */
  readonly document: string;
  readonly decision: "migrate" | "defer";
  /** As they are called on that machine: nobody proves who they are here. */
  readonly by: string;
  readonly reason: string;
  /** The day a deferred one is to be looked at again, `2027-01-10`, UTC; null for one that was decided for. */
  readonly revisit: string | null;
  /** What `leeway decide` said at that moment. */
  readonly advice: "migrate" | "defer" | "undecided";
}

/** Longest reason, in characters. */
export const MAX_REASON = 1000;

const text = z.string().min(1).max(MAX_REASON);

const schema: z.ZodType<CaseRecord> = z
  .object({
    schema: z.literal("leeway.decision/1"),
    id: text,
    at: z.iso.datetime(),
    migration: text,
    document: text,
    decision: z.enum(["migrate", "defer"]),
    by: text,
    reason: text,
    revisit: day.nullable(),
    advice: z.enum(["migrate", "defer", "undecided"]),
  })
  .refine(({ decision, revisit }) => (decision === "defer") === (revisit !== null), {
    path: ["revisit"],
    message: "does not fit the decision; expected a day with defer, and null with migrate",
  });

const MAX_BYTES = 8 * 1024 ** 2;

const readLine = (line: string, i: number, file: string): CaseRecord | readonly Problem[] => {
  const json = parseJson(line, "a decision as leeway decide writes it");
  if ("problem" in json) return [{ file, path: `line ${i + 1}`, text: json.problem }];
  const read = parseWith(schema, json.value, file);
  if ("value" in read) return read.value;
  return read.problems.map((problem) => ({ ...problem, path: `line ${i + 1}: ${problem.path}` }));
};

/**
 * All records of the file at `path`, in the order in which they were made; none where there is no file. Throws LeewayError
 * `config-invalid` with a line for each line that is none, `config-missing` when it cannot be read. `file` is the name shown to people.
 */
export const readRecords = (path: string, file: string): readonly CaseRecord[] => {
  if (!existsSync(path)) return [];
  const content = readText(path, file, MAX_BYTES, "expected the decisions on migrations");
  if ("problems" in content) throw configInvalid(content.problems);
  const lines = content.text.split("\n").map((line, i) => [line, i] as const);
  const read = lines.flatMap(([line, i]) => (line.trim() === "" ? [] : [readLine(line, i, file)]));
  const problems = read.flatMap((each) => ("id" in each ? [] : each));
  if (problems.length > 0) throw configInvalid(problems);
  const records = read.flatMap((each) => ("id" in each ? [each] : []));
  // Branches that were merged leave lines in any order.
  return records.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
};

/** The newest record of each migration: what holds. Those to be looked at first come first, then those that were decided for. */
export const standingRecords = (records: readonly CaseRecord[]): readonly CaseRecord[] => {
  const newest = new Map(records.map((record) => [record.migration, record]));
  const order = ({ revisit }: CaseRecord): number => (revisit === null ? Number.MAX_SAFE_INTEGER : Date.parse(revisit));
  return [...newest.values()].toSorted((a, b) => order(a) - order(b));
};

/** True for a deferred migration whose day has come. `now` is epoch ms. */
export const isDue = ({ revisit }: CaseRecord, now: number): boolean =>
  revisit !== null && daysUntil(revisit, now) <= 0;

/** A record as it is made: its id comes from what it says. */
export const newRecord = (said: Omit<CaseRecord, "schema" | "id" | "at">, now: number): CaseRecord => {
  const { migration, document, decision, by, reason, revisit } = said;
  const content = JSON.stringify([migration, document, decision, by, reason, revisit]);
  const id = createHash("sha256").update(content).digest("hex").slice(0, 16);
  return { schema: "leeway.decision/1", id, at: new Date(now).toISOString(), ...said };
};

/**
 * Appends a record, unless the newest of its migration says the same; returns what is on record now. Throws LeewayError
 * `config-invalid` when the file cannot be written, and as readRecords().
 */
export const putRecord = (
  path: string,
  file: string,
  record: CaseRecord,
): { readonly record: CaseRecord; readonly isNew: boolean } => {
  const newest = readRecords(path, file).findLast(({ migration }) => migration === record.migration);
  if (newest?.id === record.id) return { record: newest, isNew: false };
  try {
    // A line of its own also where somebody's editor left the last one without its end.
    const isOpen = existsSync(path) && !/(^|\n)$/.test(readTextOf(path, file));
    appendFileSync(path, `${isOpen ? "\n" : ""}${JSON.stringify(record)}\n`);
  } catch (cause) {
    if (cause instanceof LeewayError) throw cause;
    throw new LeewayError("config-invalid", `${file}: cannot be written (${messageOf(cause)})`, { cause });
  }
  return { record, isNew: true };
};

const readTextOf = (path: string, file: string): string => {
  const content = readText(path, file, MAX_BYTES, "expected the decisions on migrations");
  return "text" in content ? content.text : "";
};
