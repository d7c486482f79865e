import { z } from "zod";
import type { Arm } from "../../core/cohort.ts";
import { LeewayError, messageOf } from "../../core/errors.ts";
import { parseJson } from "../config/parse-json.ts";
import { formatProblem, type Problem, parseWith } from "../config/problem.ts";
import { linesOf } from "./lines-of.ts";

/** One answer of a set to be compared: a line of JSON. Unknown keys are kept out and do no harm. */
export interface AnswerRecord {
  readonly cohort: Arm;
  readonly output: string;
  readonly model?: string | undefined;
  /** A segment: answers are compared inside it. */
  readonly task?: string | undefined;
  /** The same id in both cohorts makes a pair. */
  readonly prompt_id?: string | undefined;
  /** Answers of one conversation resemble one another, and count for less. */
  readonly conversation_id?: string | undefined;
  readonly latency_ms?: number | undefined;
  readonly input_tokens?: number | undefined;
  readonly output_tokens?: number | undefined;
  readonly finish_reason?: string | undefined;
  readonly scores?: Readonly<Record<string, number>> | undefined;
}

const record = z.object({
  cohort: z.enum(["baseline", "canary"]),
  output: z.string(),
  ts: z.iso.datetime({ offset: true }).optional(),
  model: z.string().optional(),
  task: z.string().optional(),
  prompt_id: z.string().optional(),
  prompt: z.string().optional(),
  conversation_id: z.string().optional(),
  latency_ms: z.number().nonnegative().optional(),
  input_tokens: z.int().nonnegative().optional(),
  output_tokens: z.int().nonnegative().optional(),
  finish_reason: z.string().optional(),
  scores: z.record(z.string(), z.number()).optional(),
});

const withCohort = (value: unknown, cohort: Arm | null): unknown =>
  cohort === null || typeof value !== "object" || value === null ? value : { ...value, cohort };

/** The record of one line, or what is wrong with it. `cohort` overrides the record's own. */
export const readRecord = (
  line: string,
  place: string,
  cohort: Arm | null,
): { readonly value: AnswerRecord } | { readonly problems: readonly Problem[] } => {
  const json = parseJson(line, "one object a line");
  if ("problem" in json) return { problems: [{ file: place, path: "", text: json.problem }] };
  return parseWith<AnswerRecord>(record as z.ZodType<AnswerRecord>, withCohort(json.value, cohort), place);
};

const MAX_PROBLEMS = 10;

/** Longer than any answer of a model. */
const MAX_LINE = 64 * 1024 ** 2;

/** Reads a JSON Lines file. Throws LeewayError `records-invalid` with the first ten bad lines, or for a missing file. */
export const readRecords = async (path: string, cohort: Arm | null): Promise<readonly AnswerRecord[]> => {
  const records: AnswerRecord[] = [];
  const problems: string[] = [];
  let number = 0;
  try {
    for await (const line of linesOf(path, MAX_LINE)) {
      number += 1;
      if (line.trim() === "") continue;
      const read = readRecord(line, `${path}:${number}`, cohort);
      if ("value" in read) records.push(read.value);
      else problems.push(...read.problems.map(formatProblem));
      if (problems.length >= MAX_PROBLEMS) break;
    }
  } catch (cause) {
    throw new LeewayError(
      "records-invalid",
      `${path}: cannot be read (${messageOf(cause)}); expected a JSON Lines file`,
      { cause },
    );
  }
  if (problems.length > 0) throw new LeewayError("records-invalid", problems.join("\n"));
  return records;
};
