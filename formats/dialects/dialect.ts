import type { DialectKind } from "./dialect-kind.ts";
import type { Attributes } from "./read/attributes.ts";
import type { Recorded, RecordedMessage } from "./read/recorded.ts";
import type { UsageRule } from "./usage-rule.ts";

/** What a dialect table can say about a call. Names are those of SpanRow where it has the same. */
export type Field =
  | "provider"
  | "request_model"
  | "response_model"
  | "system_fingerprint"
  | "response_id"
  | "conversation_id"
  | "prompt_name"
  | "prompt_version"
  | "flag_key"
  | "flag_variant"
  | "streamed"
  | "error_type"
  | "http_status"
  | "finish_reason"
  | "input_tokens"
  | "output_tokens"
  | "total_tokens"
  | "cached_tokens"
  | "cache_write_tokens"
  | "reasoning_tokens"
  | "cost_usd"
  | "service_tier"
  | "requested_tier"
  | "cache_write_hour_tokens"
  | "audio_input_tokens"
  | "audio_output_tokens"
  | "image_output_tokens"
  | "ttft_ms";

/**
 * Where a field's value is found.
 * - text: the attribute of that name;
 * - `member`: a member of the JSON object that the attribute holds as text;
 * - `sum`: the sum of the members of such names of the JSON object that the attribute holds as text;
 * - `times`: a number to be multiplied, e.g. 1000 for seconds that become ms;
 * - `upTo`: the text before the first such character;
 * - `endsIn`: true when the attribute is a text with this end;
 * - `sinceStart`: a timestamp (RFC 3339) that becomes ms since the span's start.
 */
export type Source =
  | string
  | { readonly key: string; readonly member: string }
  | { readonly key: string; readonly sum: RegExp }
  | { readonly key: string; readonly times: number }
  | { readonly key: string; readonly upTo: string }
  | { readonly key: string; readonly endsIn: string }
  | { readonly key: string; readonly sinceStart: true };

/**
 * How an answer is written, most telling first, which is the order in which a span is searched for one: as the conventions'
 * messages, in a dialect's own attributes, or as a text that may be the answer or JSON around it.
 */
export type AnswerForm = "messages" | "own" | "loose";

/** Where spans carry the answer, and what was asked for. */
export interface DialectAnswer {
  readonly form: AnswerForm;
  readonly message: (recorded: Recorded) => RecordedMessage;
  /** The tools that were offered, each in any shape that providers know; null when the span names none. */
  readonly tools?: (recorded: Recorded) => readonly unknown[] | null;
  /** The messages that were asked, in any shape that is seen: a list of them, or JSON text of one. */
  readonly input?: (recorded: Recorded) => unknown;
  /** The instructions beside them. */
  readonly system?: (recorded: Recorded) => unknown;
  /** Whether the request asked for JSON. */
  readonly json?: (recorded: Recorded) => boolean;
}

/** How evaluations of a call are written, as events or on the span of the call. */
export interface DialectEvaluations {
  /** The attributes of an event that is an evaluation, in the conventions' names; null for any other event. */
  readonly inEvent?: (eventName: string, attributes: Attributes) => Attributes | null;
  /** The evaluations that a span's attributes hold, in the conventions' names. */
  readonly onSpan?: (attributes: Attributes) => readonly Attributes[];
  /** The attribute by which the same evaluation is known again, when it comes by two paths. */
  readonly key?: string;
}

/** How one instrumentation writes GenAI spans: all that is known of it. */
export interface Dialect {
  readonly name: string;
  /** The fields are used only for spans that carry this attribute; null = for every span. */
  readonly mark: string | null;
  /** How its spans are told to be calls, as it is in kinds.ts; null = only by their names of provider and model. */
  readonly kind: DialectKind | null;
  /** Sources of each field, best first. */
  readonly fields: Readonly<Partial<Record<Field, readonly Source[]>>>;
  /** The attribute, and its value, by which a call has failed, whatever else its span says. */
  readonly failure?: { readonly key: string; readonly value: string };
  /** How its senders count tokens, where that is known; the first rule that is for a span says it. */
  readonly usage?: readonly UsageRule[];
  readonly answer?: DialectAnswer;
  readonly evaluations?: DialectEvaluations;
}
