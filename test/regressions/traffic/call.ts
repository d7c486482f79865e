import type { Arm } from "../../../core/cohort.ts";
import type { ToolCall } from "../../../features/answer.ts";

/** What a request is about; the segment `input_type`. */
export type InputType = "faq" | "billing" | "technical" | "smalltalk" | "extraction" | "tools";

/** The language a person writes in; the segment `language`. */
export type Language = "en" | "de" | "es" | "fr";

/** The segment `tier`. */
export type Tier = "free" | "pro" | "enterprise";

/** What the model answered. */
export interface Reply {
  /** Null for a pure tool call. */
  readonly text: string | null;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: "stop" | "length" | "tool_calls";
}

/** One call of the simulated app. */
export interface Call {
  /** Seed of everything that is drawn about this call by itself. */
  readonly seed: number;
  readonly arm: Arm;
  /** Ms since the traffic began. */
  readonly startMs: number;
  readonly inputType: InputType;
  readonly language: Language;
  readonly tier: Tier;
  readonly user: string;
  readonly conversation: string;
  readonly instance: string;
  readonly reply: Reply;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly completionTokens: number;
  readonly durationMs: number;
  /** Request to first content, ms. */
  readonly firstContentMs: number;
  /** `error.type`; null for a call that went well. */
  readonly errorType: "429" | "500" | "timeout" | null;
}
