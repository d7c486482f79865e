import type { TokenUsage } from "./token-usage.ts";

/**
 * Output tokens with reasoning included. Some (x.ai) count reasoning tokens beside the output tokens instead of among
 * them; the total gives them away.
 */
export const withReasoning = (usage: TokenUsage, total: unknown): TokenUsage => {
  const { input, output, reasoning } = usage;
  const apart = input !== undefined && output !== undefined && reasoning && total === input + output + reasoning;
  return apart ? { ...usage, output: output + reasoning } : usage;
};
