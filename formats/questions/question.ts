import type { Message, Part, ToolDefinition } from "../wire/content/message.ts";

/** What a request asks for beside its messages. What is missing was not asked for. */
export interface QuestionParameters {
  readonly temperature?: number;
  readonly topP?: number;
  /** Longest answer in tokens. */
  readonly maxTokens?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  /** An answer in JSON: any object, or one that matches a schema. */
  readonly json?: "object" | { readonly name: string; readonly schema: unknown };
  /** Whether a tool has to be called, or which. */
  readonly toolChoice?: "auto" | "none" | "required" | { readonly name: string };
}

/** A question to a chat model in no provider's words: what can be said to any of them, or told to be unsayable. */
export interface Question {
  readonly system: readonly Part[];
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDefinition[];
  readonly parameters: QuestionParameters;
}
