import { encodeLine } from "./encode-line.ts";
import { membersOf } from "./exhaustive.ts";

/** Whom a served call was asked of once more: the candidate, or the baseline itself, whose own changes are the noise floor. */
export type PairKind = "candidate" | "rerun";

/** What became of a served call that was to be asked once more; all but the first made no pair. */
export type PairOutcome =
  /** both answers are there, and were compared */
  | "paired"
  /** the second answer never came: an error, or no answer in time */
  | "failed"
  | "timed-out"
  /** the served call has no answer to compare with */
  | "unanswered"
  /** asked again, it would do something: tools that run at the provider, what is stored there, work in the background, uploads */
  | "server-tools"
  | "stored"
  | "background"
  | "upload"
  /** the candidate is asked in another way than the request is written */
  | "other-format"
  /** what is stored of it is not what was asked: shortened, redacted, without its files */
  | "not-askable"
  /** one of the calls of an agent's run, which is asked as a whole at its last one */
  | "within-run"
  /** left out: by the share, by a segment, because too many wait, or too much of them */
  | "sampled-out"
  | "queue-full"
  | "memory-full"
  /** a budget of the day is used up */
  | "budget-calls"
  | "budget-tokens"
  | "budget-usd"
  /** so many failed of late that a while is waited */
  | "breaker-open"
  /** the app's environment has no key for the candidate */
  | "no-key"
  /** an agent's run asked for a tool's result that the served run does not have */
  | "unknown-tool-call"
  /** the app ended first */
  | "ended";

/** Every outcome. */
export const PAIR_OUTCOMES: readonly PairOutcome[] = membersOf<PairOutcome>({
  ...{ paired: true, failed: true, "timed-out": true, unanswered: true, "server-tools": true, stored: true },
  ...{ background: true, upload: true, "other-format": true, "sampled-out": true, "queue-full": true },
  ...{ "memory-full": true, "budget-calls": true, "budget-tokens": true, "budget-usd": true, "breaker-open": true },
  ...{ "no-key": true, "unknown-tool-call": true, "within-run": true, "not-askable": true, ended: true },
});

/** True when `value` names an outcome. */
export const isPairOutcome = (value: unknown): value is PairOutcome => PAIR_OUTCOMES.some((known) => known === value);

/**
 * A served call and its second answer, compared where the texts were: the row of `llm_pairs`. Or calls that made no pair, by
 * reason. No content, unless it is opted in, which has a table of its own. Times are Unix epoch ms; null is unknown.
 */
export interface PairRow {
  /** 32 lower-case hex digits; also `leeway.pair_id` of the second call's span. */
  readonly id: string;
  /** When it was compared or counted. */
  readonly at_ms: number;
  /** When the collector took it in. */
  readonly received_ms: number;
  readonly kind: PairKind;
  readonly outcome: PairOutcome;
  /** Served calls it speaks of: 1 for all that was asked. */
  readonly calls: number;
  readonly migration: string;
  readonly service: string;
  readonly instance: string;
  /** The served call; empty in a count of several. */
  readonly trace_id: string;
  readonly span_id: string;
  /** The second call; empty where none was made. */
  readonly other_trace_id: string;
  readonly other_span_id: string;
  /** What calls that resemble one another have in common: a hash of the user, else the conversation; empty = unknown. */
  readonly cluster: string;
  /** Segments of the served call, as it carried them. */
  readonly segments: Readonly<Record<string, string>>;
  readonly served_model: string;
  readonly other_model: string;
  /** Why the second call failed: an HTTP status, an exception's class; empty without. */
  readonly error_type: string;
  /** Measures of the pair by name (core/pair-measures.ts); what is unknown is missing. */
  readonly numbers: Readonly<Record<string, number>>;
  /** Words about the pair by name: the judge's, the app's own rule; what is unknown is missing. */
  readonly labels: Readonly<Record<string, string>>;
  /** What differs, as codes of core/pair-measures.ts, sorted, at most 64; some with a value: `tool-lost:search`. */
  readonly changed: readonly string[];
  /** What each answer is like, as `kind:value`, sorted, at most 128: `finish:stop`, `tool:search`, `key:k0123456789ab`. */
  readonly served_values: readonly string[];
  readonly other_values: readonly string[];
}

/** Column order of the spool, of the insert and of `llm_pairs`; new ones go to the end. */
export const PAIR_COLUMNS = [
  "id",
  "at_ms",
  "received_ms",
  "kind",
  "outcome",
  "calls",
  "migration",
  "service",
  "instance",
  "trace_id",
  "span_id",
  "other_trace_id",
  "other_span_id",
  "cluster",
  "segments",
  "served_model",
  "other_model",
  "error_type",
  "numbers",
  "labels",
  "changed",
  "served_values",
  "other_values",
] as const;

type Missing = Exclude<keyof PairRow, (typeof PAIR_COLUMNS)[number]>;
const everyFieldIsAColumn: [Missing] extends [never] ? true : Missing = true;
void everyFieldIsAColumn;

/** One line of JSONCompactEachRow (with its newline), columns in PAIR_COLUMNS order, well-formed Unicode. */
export const encodePairRow = (row: PairRow): string => encodeLine(PAIR_COLUMNS.map((column) => row[column]));
