/** One answer of a model, as far as output features need it. */
export interface Answer {
  /** The text; null when there was none (a pure tool call). May be cut: `chars` is its full length. */
  readonly text: string | null;
  /** Full length of the text in UTF-16 code units. */
  readonly chars: number;
  /** The provider's own refusal text (`message.refusal`); null without one. */
  readonly refusal: string | null;
  /** The finish reason, as the provider sent it or in the spelling of core/finish-reason.ts; empty = unknown. */
  readonly finishReason: string;
  readonly toolCalls: readonly ToolCall[];
  /** Mean natural log-probability of the answer's tokens, at most 0; null or absent where the provider returned none. */
  readonly meanLogprob?: number | null;
}

/** A tool call of an answer; `arguments` is the text the model wrote. */
export interface ToolCall {
  readonly name: string;
  readonly arguments: string;
}

/** What the request asked for, as far as output features need it. */
export interface AskedFor {
  /** True when the request asked for JSON: `response_format` of type `json_object` or `json_schema`, or its like. */
  readonly json: boolean;
  /** The JSON Schema the answer was asked to match, parsed; absent or null without one. */
  readonly schema?: unknown;
  /** Names of the tools the request offered. */
  readonly tools: readonly string[];
  /** The JSON Schema of the tools' parameters, parsed, by tool name; tools without one are missing. */
  readonly toolSchemas?: ReadonlyMap<string, unknown>;
  /** True when the request demanded a tool call: `tool_choice` of required, any, or one named tool. */
  readonly toolRequired?: boolean;
}
