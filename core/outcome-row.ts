import { encodeLine } from "./encode-line.ts";

/**
 * One thing that became known of a call after it ended: a score, a thumb, a ticket. The row of `outcome_events`, as it
 * came in. Times are Unix epoch ms. At least one of (`trace_id`, `span_id`) and `response_id` says which call is meant.
 */
export interface OutcomeRow {
  /** 32 lower-case hex digits, made of the content: the same event sent twice has one id. */
  readonly id: string;
  /** When it happened; may carry a fraction. */
  readonly at_ms: number;
  /** When the collector took it in. */
  readonly received_ms: number;
  /** Of the call, or of a span around it; empty = unknown. */
  readonly trace_id: string;
  readonly span_id: string;
  /** The provider's id of the answer; empty = unknown. */
  readonly response_id: string;
  readonly service: string;
  /** `quality`, `task_completed`, `thumbs`, `support_ticket`, or a name of the app's own. */
  readonly name: string;
  /** The score; 1 or 0 for a label that says yes or no; null = unknown. */
  readonly value: number | null;
  readonly label: string;
  /** Why there is no score, where the evaluation itself failed. */
  readonly error_type: string;
  /** Why the score is what it is, in the words of whoever gave it; empty unless it was sent. */
  readonly explanation: string;
}

/** Column order of the spool and of the insert. The compiler holds it equal to OutcomeRow's keys. */
export const OUTCOME_COLUMNS = [
  "id",
  "at_ms",
  "received_ms",
  "trace_id",
  "span_id",
  "response_id",
  "service",
  "name",
  "value",
  "label",
  "error_type",
  "explanation",
] as const;

type Missing = Exclude<keyof OutcomeRow, (typeof OUTCOME_COLUMNS)[number]>;
const everyFieldIsAColumn: [Missing] extends [never] ? true : Missing = true;
void everyFieldIsAColumn;

/** One line of JSONCompactEachRow (with its newline), columns in OUTCOME_COLUMNS order, well-formed Unicode. */
export const encodeOutcomeRow = (row: OutcomeRow): string => encodeLine(OUTCOME_COLUMNS.map((column) => row[column]));
