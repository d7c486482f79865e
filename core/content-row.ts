import type { Cohort } from "./cohort.ts";
import { encodeLine } from "./encode-line.ts";

/**
 * What was asked and answered in one call: the row of `llm_content`, kept only where `content:` in leeway.yaml opts in, and in no
 * other table. `messages`, `system`, `tools`, `output` and `request` are JSON text; empty = the span had none of it. Times are
 * Unix epoch ms; null is unknown.
 */
export interface ContentRow {
  /** The call, as in `llm_spans`. */
  readonly trace_id: string;
  readonly span_id: string;
  /** When the call ended, by its sender. */
  readonly at_ms: number;
  /** When the collector took it in. */
  readonly received_ms: number;
  readonly migration: string;
  readonly cohort: Cohort | "";
  readonly service: string;
  /** Of the pair whose second answer it is; empty for a call that was served. */
  readonly pair_id: string;
  readonly provider: string;
  readonly operation: string;
  readonly request_model: string;
  readonly response_model: string;
  readonly finish_reason: string;
  readonly targeting_key_hash: string;
  readonly conversation_id: string;
  readonly segments: Readonly<Record<string, string>>;
  readonly duration_ms: number | null;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  /** US dollars. */
  readonly cost_usd: number | null;
  /** An object: the parameters that are needed to ask again (`temperature`, `max_tokens`, `response_format`, …). */
  readonly request: string;
  /** A list of `{ role, parts }`, as the GenAI conventions have it. */
  readonly messages: string;
  /** A list of parts. */
  readonly system: string;
  /** A list of `{ type, name, description, parameters }`. */
  readonly tools: string;
  /** A list of one `{ role, parts }`. */
  readonly output: string;
  /** Which of messages, system, tools and output the app shortened. */
  readonly truncated: readonly string[];
}

/** Column order of the spool, of the insert and of `llm_content`; new ones go to the end. */
export const CONTENT_COLUMNS = [
  "trace_id",
  "span_id",
  "at_ms",
  "received_ms",
  "migration",
  "cohort",
  "service",
  "pair_id",
  "provider",
  "operation",
  "request_model",
  "response_model",
  "finish_reason",
  "targeting_key_hash",
  "conversation_id",
  "segments",
  "duration_ms",
  "input_tokens",
  "output_tokens",
  "cost_usd",
  "request",
  "messages",
  "system",
  "tools",
  "output",
  "truncated",
] as const;

type Missing = Exclude<keyof ContentRow, (typeof CONTENT_COLUMNS)[number]>;
const everyFieldIsAColumn: [Missing] extends [never] ? true : Missing = true;
void everyFieldIsAColumn;

/** One line of JSONCompactEachRow (with its newline), columns in CONTENT_COLUMNS order, well-formed Unicode. */
export const encodeContentRow = (row: ContentRow): string => encodeLine(CONTENT_COLUMNS.map((column) => row[column]));
