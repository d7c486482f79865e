import { reconcile } from "./reconcile.ts";
import type { ReportedTokens } from "./reported-tokens.ts";
import type { UsageConvention } from "./usage-convention.ts";

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
  /** What the provider says that the call cost, in US dollars; above 0. */
  readonly costUsd?: number;
}

/** The usage of a call whose provider counts in this way. */
export const usageOf = (
  reported: ReportedTokens,
  convention: UsageConvention,
  costUsd: number | null = null,
): TokenUsage => {
  const { input, output, cacheRead, cacheWrite, reasoning } = reconcile(reported, convention);
  // Written to, as spreading many small objects costs more than all the rest.
  const usage: { -readonly [Name in keyof TokenUsage]: TokenUsage[Name] } = {};
  if (input !== null) usage.input = input;
  if (output !== null) usage.output = output;
  if (cacheRead !== null) usage.cached = cacheRead;
  if (cacheWrite !== null) usage.cacheWrite = cacheWrite;
  if (reasoning !== null) usage.reasoning = reasoning;
  if (costUsd !== null) usage.costUsd = costUsd;
  return usage;
};
