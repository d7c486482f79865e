/** Token counts of one call as they were reported, by whatever names; null = not reported. */
export interface ReportedTokens {
  readonly input: number | null;
  readonly output: number | null;
  readonly total: number | null;
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
  readonly reasoning: number | null;
}

/** Nothing was reported. */
export const NO_TOKENS: ReportedTokens = {
  ...{ input: null, output: null, total: null },
  ...{ cacheRead: null, cacheWrite: null, reasoning: null },
};

/** A count as it is written in JSON; null for what can be none: negative, broken, infinite, no number. */
export const countOf = (value: unknown): number | null =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;

/** The first of several names' values that counts something; a zero where nothing else is known. */
export const firstCount = (...values: readonly unknown[]): number | null => {
  let found: number | null = null;
  for (const value of values) {
    const count = countOf(value);
    if (count !== null && count > 0) return count;
    found ??= count;
  }
  return found;
};

/** A zero takes nothing back: some servers end a stream with counts of nothing. */
const later = (before: number | null, after: number | null): number | null =>
  after === null || (after === 0 && before !== null) ? before : after;

/** What is known after a later report of the same call, whose counts are cumulative. */
export const laterTokens = (before: ReportedTokens, after: ReportedTokens): ReportedTokens => ({
  input: later(before.input, after.input),
  output: later(before.output, after.output),
  total: later(before.total, after.total),
  cacheRead: later(before.cacheRead, after.cacheRead),
  cacheWrite: later(before.cacheWrite, after.cacheWrite),
  reasoning: later(before.reasoning, after.reasoning),
});
