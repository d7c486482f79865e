/** Token counts of one call as they were reported; null = unknown. */
export interface ReportedTokens {
  readonly input: number | null;
  readonly output: number | null;
  readonly total: number | null;
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
}

/**
 * Prompt tokens with cached ones included. Most senders include them; where they are reported apart, either the total
 * proves it (input + cached + output = total) or the cached part is larger than what should contain it.
 */
export const inclusiveInput = ({ input, output, total, cacheRead, cacheWrite }: ReportedTokens): number | null => {
  const cached = (cacheRead ?? 0) + (cacheWrite ?? 0);
  if (input === null || cached === 0) return input;
  if (total !== null && output !== null) {
    if (total === input + output) return input;
    if (total === input + cached + output) return input + cached;
  }
  return cached > input ? input + cached : input;
};
