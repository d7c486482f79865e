/** One answer of a model, as far as output features need it. */
export interface Answer {
  /** The text; null when there was none (a pure tool call). May be cut: `chars` is its full length. */
  readonly text: string | null;
  /** Full length of the text in UTF-16 code units. */
  readonly chars: number;
  /** The provider's own refusal text (`message.refusal`); null without one. */
  readonly refusal: string | null;
  /** The provider's finish reason as sent; empty = unknown. */
  readonly finishReason: string;
  readonly toolCalls: readonly ToolCall[];
}

/** A tool call of an answer; `arguments` is the text the model wrote. */
export interface ToolCall {
  readonly name: string;
  readonly arguments: string;
}

/** What the request asked for, as far as output features need it. */
export interface AskedFor {
  /** True when `response_format` was `json_object` or `json_schema`. */
  readonly json: boolean;
  /** Names of the tools the request offered. */
  readonly tools: readonly string[];
}
