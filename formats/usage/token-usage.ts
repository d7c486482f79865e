/**
 * Token counts in the conventions' sense, whatever the provider's habit: `input` includes cached tokens, read and
 * written, and `output` includes reasoning tokens. A missing member was not given.
 */
export interface TokenUsage {
  readonly input?: number;
  readonly output?: number;
  /** Input tokens read from the provider's cache. */
  readonly cached?: number;
  /** Input tokens written to the provider's cache. */
  readonly cacheWrite?: number;
  readonly reasoning?: number;
}
