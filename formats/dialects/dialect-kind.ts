/** Operations that are one call of a model. Agents, tools, retrieval and workflows contain calls and are none. */
export type Operation = "chat" | "generate_content" | "text_completion" | "embeddings";

/**
 * How the spans of a dialect are told to be calls of a model. Kept apart from its table, because the preload asks this of
 * the app's own spans and brings nothing else of a dialect along.
 */
export interface DialectKind {
  /**
   * The attribute that says what a span is, and which of its values are calls of a model, whatever their case and
   * separators; a span with another value is no call.
   */
  readonly says?: { readonly key: string; readonly calls: Readonly<Record<string, Operation>> };
  /** Attributes of spans that contain calls and are none: tools, agents, workflows. */
  readonly containers?: readonly string[];
  /**
   * The attributes that name provider and model, and those that count tokens: a span that says nothing of what it is is a
   * call with a model and one of the others.
   */
  readonly provider?: string;
  readonly model?: string;
  readonly tokens?: readonly string[];
}
