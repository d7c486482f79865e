/** An answer as it stands in a file of answers. */
export interface SuiteAnswer {
  /** Null where the model called tools alone, or did not answer. */
  readonly output: string | null;
  readonly toolCalls: readonly { readonly name: string; readonly arguments: string }[];
  /** Finish reason, empty = unknown. */
  readonly finishReason: string;
  /** Why the provider did not answer; empty = it did. */
  readonly error: string;
}
