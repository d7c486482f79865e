/** A part of a message, by the GenAI conventions. */
export type Part =
  | { readonly type: "text" | "reasoning"; readonly content: string }
  | { readonly type: "tool_call"; readonly id?: string; readonly name: string; readonly arguments: string }
  | { readonly type: "tool_call_response"; readonly id?: string; readonly response: string }
  | { readonly type: "uri"; readonly modality: string; readonly uri: string }
  /** Bytes: only that they were there. */
  | { readonly type: "blob"; readonly modality: string };

/** A message, by the GenAI conventions; tool arguments and responses are still text. */
export interface Message {
  readonly role: string;
  readonly parts: readonly Part[];
  readonly finish_reason?: string;
}

/** A tool a request offers. */
export interface ToolDefinition {
  readonly type: string;
  readonly name: string;
  readonly description?: string;
  /** The JSON schema of the arguments, as text. */
  readonly parameters?: string;
}

/** Everything of a call that is content. */
export interface Content {
  readonly input: readonly Message[];
  readonly output: readonly Message[];
  readonly systemInstructions: readonly Part[];
  readonly toolDefinitions: readonly ToolDefinition[];
}
