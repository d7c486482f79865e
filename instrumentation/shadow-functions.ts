import type { ServedToolCall } from "../formats/ask-again/served-run.ts";
import type { JsonObject } from "../formats/json/json-object.ts";
import type { Message, ToolDefinition } from "../formats/wire/content/message.ts";

/** A tool call of an answer. */
export interface ShadowToolCall {
  readonly name: string;
  /** JSON as the model wrote it, or what it parses to. */
  readonly arguments?: unknown;
}

/**
 * An answer of yours. A text by itself will do, and so will the body of a provider's answer as it came: chat completions,
 * Responses, Anthropic's messages, Gemini, Bedrock's Converse, Cohere, Ollama. What the AI SDK's `generateText` gives is of this
 * shape too.
 */
export interface ShadowAnswer {
  /** Null: no text, tool calls alone. */
  readonly text?: string | null | undefined;
  /** Those that the app would have to carry out now; what went through `stubTools` is known. Default: none. */
  readonly toolCalls?: readonly ShadowToolCall[] | undefined;
  /** In any provider's words. Default: unknown. */
  readonly finishReason?: string | undefined;
  /** The provider's own text of a refusal. Default: none. */
  readonly refusal?: string | null | undefined;
  /** Default: the sum of the calls that the preload saw `run` make. */
  readonly usage?:
    | {
        readonly inputTokens?: number | undefined;
        readonly outputTokens?: number | undefined;
        readonly costUsd?: number | undefined;
      }
    | undefined;
  /** What answered, where that is not the document's candidate by name. */
  readonly model?: string | undefined;
}

/** A served call that is to be asked of the candidate. Everything in it is a copy of its own. */
export interface ShadowCall {
  /** `leeway.pair_id`: 32 hex digits. */
  readonly pairId: string;
  readonly migration: string;
  /** The candidate, as the migration's document names it. */
  readonly model: string;
  /** The model that was served. */
  readonly servedModel: string;
  /** How the request is written: `openai.chat_completions`, `openai.responses`, `anthropic.messages`, `gemini.generate_content`, … */
  readonly format: string;
  /** The request as it was sent; of a whole run, as the run began. Its model is the one that was served. */
  readonly body: JsonObject;
  /** Its messages in neutral words (those of OpenTelemetry's GenAI conventions), whatever the provider's. */
  readonly messages: readonly Message[];
  /** Its system instructions, where they stand beside the messages; empty without any. */
  readonly system: string;
  readonly tools: readonly ToolDefinition[];
  /** What the served run has called since the user's latest message, and what came of it. */
  readonly toolCalls: readonly ServedToolCall[];
  /** Segments of the served call. */
  readonly segments: Readonly<Record<string, string>>;
  /** Aborted when the answer is no longer waited for: time is up, a tool was not served, the process ends. */
  readonly signal: AbortSignal;
  /**
   * The same tools, which do nothing but give the results of the served run. `tools` has functions by their tools' names, or
   * objects with a function `execute` or `invoke`; everything else of them stays. Results that are a JSON object or list come
   * parsed, others as text. A call that the served run did not make ends the run: `unknown-tool-call`.
   */
  readonly stubTools: <T extends object>(tools: T) => T;
  /**
   * The result that the served run has for this call, as the text the model was shown. `args` is JSON, or what it parses to.
   * Throws, and ends the run, where it has none.
   */
  readonly toolResult: (name: string, args: unknown) => string;
}

/** What an app does for a shadow by itself. At least one. */
export interface ShadowFunctions {
  /**
   * Asks the candidate: another provider, another prompt, a whole agent. Called after the user has the answer; what it throws, and
   * whatever it gives, stays in the shadow. Default: the preload sends the request once more, with the candidate's model.
   */
  readonly run?: ((call: ShadowCall) => Promise<ShadowAnswer | string | object>) | undefined;
  /**
   * What is handed to `run`: each `call`, as it was sent; or each `run` of an agent, once, at its last call (whose answer calls no
   * tool), as it began. Default: `call`.
   */
  readonly unit?: "call" | "run" | undefined;
  /** Turns texts into vectors, of one length each, for how alike the texts of a pair are. */
  readonly embed?: ((texts: readonly string[]) => Promise<readonly (readonly number[])[]>) | undefined;
}
