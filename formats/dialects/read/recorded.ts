import type { ToolCall } from "../../../features/answer.ts";

/** Attributes of a span by name. */
export interface Recorded {
  readonly get: (name: string) => unknown;
  readonly has: (name: string) => boolean;
}

/** The message of an answer as a span carries it. */
export interface RecordedMessage {
  readonly text: string | null;
  readonly refusal: string | null;
  readonly toolCalls: readonly ToolCall[];
}
