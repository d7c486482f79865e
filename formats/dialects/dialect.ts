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
  | "ttft_ms";

/**
 * Where a field's value is found.
 * - text: the attribute of that name;
 * - `member`: a member of the JSON object that the attribute holds as text;
 * - `times`: a number to be multiplied, e.g. 1000 for seconds that become ms;
 * - `upTo`: the text before the first such character;
 * - `sinceStart`: a timestamp (RFC 3339) that becomes ms since the span's start.
 */
export type Source =
  | string
  | { readonly key: string; readonly member: string }
  | { readonly key: string; readonly times: number }
  | { readonly key: string; readonly upTo: string }
  | { readonly key: string; readonly sinceStart: true };

/** How one instrumentation writes GenAI spans. */
export interface Dialect {
  readonly name: string;
  /** The table is used only for spans that carry this attribute; null = for every span. */
  readonly mark: string | null;
  /**
   * The attribute that says what a span is, and which of its values (lower case) are calls of a model; a span with
   * another value is no call. Null = the dialect has no such attribute.
   */
  readonly kind: { readonly key: string; readonly calls: Readonly<Record<string, Operation>> } | null;
  /** Sources of each field, best first. */
  readonly fields: Readonly<Partial<Record<Field, readonly Source[]>>>;
}

/** Operations that are one call of a model. Agents, tools, retrieval and workflows contain calls and are none. */
export type Operation = "chat" | "generate_content" | "text_completion" | "embeddings";
